/** What the system says about a file operation that failed. */

/** @returns The system's code, ENOENT for instance. */
export function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? 'unknown reason';
}

/** @returns undefined when the operation fails in one of the ways foreseen; any other failure is thrown on. */
export async function tolerate<T>(operation: Promise<T>, codes: readonly string[]): Promise<T | undefined> {
  try {
    return await operation;
  } catch (error) {
    if (!codes.includes(codeOf(error))) throw error;
    return undefined;
  }
}
