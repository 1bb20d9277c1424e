/** Stands in for a process that reads images: does what the image's bytes say in words. */
import { writeSync } from 'node:fs';

const line = (head) => writeSync(3, `${JSON.stringify(head)}\n`);
const answer = (length, filler = 1) => {
  line({ width: 8, height: 8, length });
  writeSync(3, Buffer.alloc(length, filler));
};
const block = () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Infinity);

let input = '';
process.stdin.on('end', () => process.kill(process.pid, 'SIGKILL'));
process.stdin.on('data', (chunk) => {
  input += chunk;
  const [head, word = ''] = input.split('\n');
  if (!input.includes('\n') || word.length < JSON.parse(head).length) return;
  input = '';
  const { task } = JSON.parse(head);
  if (word === 'stall') return;
  if (task.what === 'size' && word !== 'big') return answer(0);
  const deeds = {
    hang: block,
    crash: () => process.abort(),
    leave: () => process.exit(0),
    'answer nonsense': () => writeSync(3, 'Segmentation fault\n'),
    'answer binary': () => writeSync(3, Buffer.alloc(200_000, 0x9d)),
    'answer twice': () => {
      const once = Buffer.concat([
        Buffer.from(`${JSON.stringify({ width: 8, height: 8, length: 192 })}\n`),
        Buffer.alloc(192),
      ]);
      // In one piece, so that both arrive together.
      writeSync(3, Buffer.concat([once, once]));
    },
    'answer too little': () => answer(191),
    'claim too much': () => line({ width: 1e6, height: 1e6, length: 3e12 }),
    'die in mid-answer': () => {
      line({ width: 8, height: 8, length: 192 });
      writeSync(3, Buffer.alloc(100));
      process.abort();
    },
    'pass a limit': () => {
      const error = { name: 'IMAGE_TOO_LARGE', message: 'Too much.', hint: 'Less.' };
      line({ error, leaves: true, length: 0 });
    },
    'say who you are': () => answer(192, process.pid % 251),
    big: () => (task.what === 'size' ? line({ width: 3000, height: 3000, length: 0 }) : block()),
  };
  (deeds[word] ?? (() => answer(192)))();
});
line({ ready: true, length: 0 });
