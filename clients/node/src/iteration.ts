// Async iterators that can be ended while someone waits for their next value.

/** What may be iterated once with `for await`; leaving the loop, `return` and `await using` end it. */
export interface Events<T> extends AsyncIterableIterator<T> {
  next(): Promise<IteratorResult<T, undefined>>;
  return(): Promise<IteratorResult<T, undefined>>;
  [Symbol.asyncIterator](): Events<T>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Iterates a generator; `stop` is called first when it is to end, and must make it end soon. */
export class EventIterator<T> implements Events<T> {
  #over = false;
  readonly #generator: AsyncGenerator<T, void>;
  readonly #stop: () => void;

  constructor(generator: AsyncGenerator<T, void>, stop: () => void) {
    this.#generator = generator;
    this.#stop = stop;
  }

  async next(): Promise<IteratorResult<T, undefined>> {
    try {
      const { done, value } = await this.#generator.next();
      if (done !== true) return { done: false, value: value as T };
    } catch (error) {
      // A generator that was stopped while it waited says so; its reader knows.
      if (!this.#over) throw error;
    }
    return { done: true, value: undefined };
  }

  async return(): Promise<IteratorResult<T, undefined>> {
    this.#over = true;
    this.#stop();
    await this.#generator.return().catch(() => {});
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): Events<T> {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }
}
