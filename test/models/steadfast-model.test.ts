import { describe, expect, it } from 'vitest';
import { createSteadfastModel } from '../../models/steadfast-model.js';
import { InferenceFailure, wrapSession } from '../../models/session.js';
import { createFakeModel } from '../support/fake-model.js';

const image = { data: new Uint8Array(12), width: 2, height: 2 };

/** A model on a device that goes away before its second inference, and one on the CPU. */
function failingDevice(error: unknown = new InferenceFailure(new Error('device lost'))) {
  const events: string[] = [];
  const cpu = createFakeModel();
  const first = createFakeModel();
  const gpu = {
    ...first,
    device: 'cuda',
    encode: () => Promise.reject(error),
    dispose: async () => void events.push('disposed'),
  };
  const model = createSteadfastModel(gpu, {
    device: 'cpu',
    onDidFail: (device, reason) => void events.push(`${device}: ${reason}`),
    load: async () => {
      events.push('loaded');
      return cpu;
    },
  });
  return { model, cpu, gpu, events };
}

describe('a model whose device fails in the middle of its work', () => {
  it('repeats what failed on the CPU once, lets the device go, and says so', async () => {
    const { model, cpu, events } = failingDevice();
    expect(model.device).toBe('cuda');
    expect((await model.encode(image)).image).toEqual({ width: 2, height: 2 });
    expect(model.device).toBe('cpu');
    expect(cpu.encodes).toBe(1);
    expect(events).toEqual(['cuda: device lost', 'disposed', 'loaded']);
    await model.encode(image);
    expect(events).toHaveLength(3);
  });

  it('moves once though several inferences fail together', async () => {
    const { model, cpu, events } = failingDevice();
    await Promise.all([model.encode(image), model.encode(image)]);
    expect(cpu.encodes).toBe(2);
    expect(events).toHaveLength(3);
  });

  it('tries no third time when the CPU fails, too', async () => {
    const { model, cpu } = failingDevice();
    let tries = 0;
    cpu.encode = () => {
      tries++;
      return Promise.reject(new InferenceFailure('no memory'));
    };
    await expect(model.encode(image)).rejects.toThrow('no memory');
    expect(tries).toBe(1);
  });

  it('stays where it is for errors that are not the runtime’s', async () => {
    const { model, events } = failingDevice(new TypeError('ours'));
    await expect(model.encode(image)).rejects.toThrow('ours');
    expect(events).toEqual([]);
  });

  it('knows a failure of the runtime by its class', async () => {
    const runtime = { run: () => Promise.reject(new Error('out of memory')), release: async () => undefined };
    const session = wrapSession('cuda', runtime, (tensor) => tensor);
    await expect(session.run({}, [])).rejects.toBeInstanceOf(InferenceFailure);
  });
});
