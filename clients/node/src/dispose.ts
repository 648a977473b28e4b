// Symbol.asyncDispose, which `await using` calls, for the compilers and the versions of Node that don't have it yet.

declare global {
  interface SymbolConstructor {
    readonly asyncDispose: unique symbol;
  }
}

if (Symbol.asyncDispose === undefined) {
  Object.defineProperty(Symbol, "asyncDispose", { value: Symbol.for("Symbol.asyncDispose") });
}

export {};
