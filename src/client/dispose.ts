/** Who registers something disposes of it: a collection that forgets nothing and survives a disposal that throws. */
import type { Disposable } from 'vscode';

export class Disposables implements Disposable {
  readonly #items: Disposable[] = [];
  #disposed = false;

  add<T extends Disposable>(item: T): T {
    if (this.#disposed) item.dispose();
    else this.#items.push(item);
    return item;
  }

  dispose(): void {
    this.#disposed = true;
    for (const item of this.#items.splice(0).reverse()) {
      try {
        item.dispose();
      } catch {
        // The rest is disposed of all the same.
      }
    }
  }
}
