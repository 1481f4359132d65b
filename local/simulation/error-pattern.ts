/** How some of the backend's requests end while a fault is on, and what its logs say of them. */
export interface ErrorPattern {
  /** Every nth request; there is one every two seconds. */
  every: number;
  status: number;
  method: string;
  path: string;
  /** What the backend's log says at each of them, besides its request. */
  backend: string[];
  /** What the application's own log says. */
  application: string[];
  /** What the database's log says. */
  database: string[];
}

/** A stretch in which the backend answered every nth request with 500, or as a pattern says. */
export interface Erring {
  from: number;
  until: number;
  every: number;
  as?: ErrorPattern;
}
