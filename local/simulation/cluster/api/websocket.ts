import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';

/**
 * The server's half of a WebSocket (RFC 6455), as far as exec needs it: it sends binary messages and closes. What the client
 * sends is read for its closing only; messages in several frames and compression are left out, and no client of exec needs them.
 */

const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const BINARY = 0x82;
const CLOSE = 0x88;
const CLOSED_BY_CLIENT = 0x8;
const NORMAL = 1_000;

export interface Socket {
  send(message: Buffer): void;
  /** Says that all is said; resolves when the client has heard it, or is gone. */
  close(): Promise<void>;
}

/** @returns `undefined` where the request is no WebSocket's */
export function accept(request: IncomingMessage, socket: Duplex, protocol: string): Socket | undefined {
  const key = request.headers['sec-websocket-key'];
  if (key === undefined || request.headers.upgrade?.toLowerCase() !== 'websocket') return undefined;
  const answer = createHash('sha1').update(`${key}${GUID}`).digest('base64');
  const headers = [
    'HTTP/1.1 101 Switching Protocols',
    'Upgrade: websocket',
    'Connection: Upgrade',
    `Sec-WebSocket-Accept: ${answer}`,
    `Sec-WebSocket-Protocol: ${protocol}`,
  ];
  socket.write(`${headers.join('\r\n')}\r\n\r\n`);
  const gone = Promise.withResolvers<void>();
  socket.on('data', (bytes: Buffer) => {
    // Its first byte is enough to know: nothing that a client says matters but that it goes.
    if (((bytes[0] ?? 0) & 0x0f) === CLOSED_BY_CLIENT) gone.resolve();
  });
  socket.on('close', gone.resolve);
  socket.on('error', () => gone.resolve());
  return {
    send: (message) => void socket.write(frame(BINARY, message)),
    close: async () => {
      const code = Buffer.alloc(2);
      code.writeUInt16BE(NORMAL);
      socket.write(frame(CLOSE, code));
      await gone.promise;
      socket.end();
    },
  };
}

function frame(kind: number, message: Buffer): Buffer {
  const { length } = message;
  if (length < 126) return Buffer.concat([Buffer.from([kind, length]), message]);
  const head = Buffer.alloc(length < 65_536 ? 4 : 10);
  head[0] = kind;
  head[1] = length < 65_536 ? 126 : 127;
  if (length < 65_536) head.writeUInt16BE(length, 2);
  else head.writeBigUInt64BE(BigInt(length), 2);
  return Buffer.concat([head, message]);
}
