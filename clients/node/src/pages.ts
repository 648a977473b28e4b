// Lists, page after page.

import { EventIterator } from "./iteration.js";
import type { Events } from "./iteration.js";

/** The items of all pages; the next page is asked for when it is needed. */
export function pages<A extends { readonly cursor?: string | undefined }, T>(
  given: A,
  page: (given: A) => Promise<{ items: T[]; nextCursor: string }>,
): Events<T> {
  async function* all(): AsyncGenerator<T, void> {
    let asked = given;
    for (;;) {
      const { items, nextCursor } = await page(asked);
      for (const item of items) yield item;
      if (nextCursor === "") return;
      asked = { ...given, cursor: nextCursor };
    }
  }
  return new EventIterator(all(), () => {});
}
