import { describe, expect, it, vi } from 'vitest';
import { scaledClock, virtualClock } from '../../local/clocks.ts';

describe('the scaled clock', () => {
  it('runs faster than the machine, and no faster while something is at work', async () => {
    let machine = 0;
    const clock = scaledClock(60, 1_000_000, () => machine);
    machine += 1_000;
    expect(clock.now().getTime()).toBe(1_060_000);
    const { promise, resolve } = Promise.withResolvers<void>();
    const work = clock.during(promise);
    machine += 2_000;
    expect(clock.now().getTime()).toBe(1_062_000);
    resolve();
    await work;
    machine += 1_000;
    expect(clock.now().getTime()).toBe(1_122_000);
  });

  it('wakes a sleeper at its time of the clock, although the pace changed meanwhile', async () => {
    vi.useFakeTimers();
    try {
      const clock = scaledClock(10, 0, () => Date.now());
      const begun = Date.now();
      let woken = 0;
      void clock.sleep(10_000).then(() => {
        woken = Date.now() - begun;
      });
      const { promise, resolve } = Promise.withResolvers<void>();
      const work = clock.during(promise);
      await vi.advanceTimersByTimeAsync(5_000);
      expect(woken).toBe(0);
      resolve();
      await work;
      await vi.advanceTimersByTimeAsync(600);
      expect(woken).toBe(5_500);
    } finally {
      vi.useRealTimers();
    }
  });
});

describe('the virtual clock', () => {
  it('goes from one sleeper to the next, in their order', async () => {
    const clock = virtualClock(0);
    const woken: number[] = [];
    for (const ms of [5_000, 1_000, 3_000]) void clock.sleep(ms).then(() => woken.push(clock.now().getTime()));
    await clock.drive(() => woken.length === 3, 10_000);
    expect(woken).toEqual([1_000, 3_000, 5_000]);
  });

  it('says when what is waited for never comes', async () => {
    const clock = virtualClock(0);
    await expect(clock.drive(() => false, 10_000)).rejects.toThrow('nobody waits');
    void clock.sleep(60_000);
    await expect(clock.drive(() => false, 10_000)).rejects.toThrow('after 10 s');
  });
});
