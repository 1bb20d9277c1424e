/** Which nodes of a graph some of its tensors need. */
import { CodedError } from '../../protocol/errors.js';
import type { Graph, Node } from '../onnx-proto.js';

/**
 * @returns The nodes that lead to these tensors, in their old order: ONNX wants them sorted and they were.
 * @throws CodedError MODEL_GRAPH when nothing makes one of the tensors.
 */
export function nodesFor(graph: Graph, tensors: readonly string[]): Node[] {
  const producers = new Map<string, Node>();
  for (const node of graph.node) for (const name of node.output) producers.set(name, node);
  for (const name of tensors) {
    if (producers.has(name)) continue;
    throw new CodedError(
      'MODEL_GRAPH',
      `The decoder has no tensor named ${name}.`,
      'Use a decoder exported by Segment Anything’s own script.',
    );
  }
  const needed = new Set<Node>();
  const wanted = [...tensors];
  for (let name = wanted.pop(); name !== undefined; name = wanted.pop()) {
    const node = producers.get(name);
    if (!node || needed.has(node)) continue;
    needed.add(node);
    wanted.push(...node.input);
  }
  return graph.node.filter((node) => needed.has(node));
}
