// Encodes and decodes messages by the tables of messages.ts.

import { DecodeError, Reader, Writer } from "./wire.js";

/** How many messages and list entries one decoded message may hold in all: a short body can unpack to a long list. */
const PARTS_MAX = 100_000;
/** No message of the schema is deeper, but for an error inside of an error, which the server sends once. */
const DEPTH_MAX = 12;

/** @internal */
export const NO_BYTES = new Uint8Array(0);

/** The type of a field that is a message or an enum; which one, its table knows. */
type AnyType = AnyMessageType | EnumType<any>;
/** A message type, whichever it is. */
export type AnyMessageType = MessageType<any>;

/** One field of a message. */
export interface FieldInfo {
  readonly no: number;
  readonly name: string;
  /** Its name in the schema. */
  readonly proto: string;
  readonly kind: "int64" | "uint32" | "bool" | "string" | "bytes" | "message" | "enum";
  readonly type?: () => AnyType;
  readonly repeated?: boolean;
  /** The member that holds it as `{ case, value }`. */
  readonly oneof?: string;
}

/** The names and numbers of an enum. */
export class EnumType<E extends string> {
  readonly #names = new Map<number, E>();
  readonly #numbers = new Map<string, number>();

  constructor(readonly name: string, values: readonly (readonly [number, E])[]) {
    for (const [number, text] of values) {
      this.#names.set(number, text);
      this.#numbers.set(text, number);
    }
  }

  /** The name of a number, UNKNOWN_ and the number if it has none here. */
  nameOf(number: number): E {
    return this.#names.get(number) ?? (`UNKNOWN_${number}` as E);
  }

  /** The number of a name. Throws a RangeError for a name that the enum doesn't have. */
  numberOf(name: string): number {
    const number = this.#numbers.get(name) ?? Number(/^UNKNOWN_(\d{1,9})$/.exec(name)?.[1]);
    if (Number.isNaN(number)) throw new RangeError(`${this.name} has no ${JSON.stringify(name)}`);
    return number;
  }
}

/** What is left out on the wire. */
const ZEROS: { readonly [kind: string]: unknown } = {
  int64: 0n,
  uint32: 0,
  bool: false,
  string: "",
  enum: "UNSPECIFIED",
};

type Loose = Record<string, unknown>;
type Choice = { case: string; value: unknown };

/** Every member may be left out, at any depth. */
export type Given<T> = T extends Uint8Array | bigint | string | number | boolean | undefined
  ? T
  : T extends (infer E)[]
  ? readonly Given<E>[]
  : { readonly [K in keyof T]?: Given<T[K]> | undefined };

/** A message of the schema. */
export class MessageType<T> {
  #byNumber: (FieldInfo | undefined)[] | undefined;
  #members: ReadonlySet<string> | undefined;

  constructor(
    readonly name: string,
    /** A message in which nothing is given. */
    readonly create: () => T,
    readonly fields: readonly FieldInfo[],
  ) {}

  /** The names that a message of it has. */
  get members(): ReadonlySet<string> {
    this.#members ??= new Set(this.fields.map((field) => field.oneof ?? field.name));
    return this.#members;
  }

  /** Throws TypeError and RangeError for values that the fields can't have. */
  encode(message: Given<T>): Buffer {
    const writer = new Writer();
    this.#write(writer, message as Loose);
    return writer.finish();
  }

  /** Throws DecodeError for bytes that aren't such a message. Fields that aren't known here are passed over. */
  decode(bytes: Uint8Array): T {
    return this.#read(new Reader(bytes), { parts: 0 }, 0);
  }

  #write(writer: Writer, message: Loose): void {
    for (const field of this.fields) {
      const { kind } = field;
      if (field.oneof !== undefined) {
        const choice = message[field.oneof] as Choice | undefined;
        if (choice?.case === field.name) this.#writeOne(writer, field, choice.value);
        continue;
      }
      const value = message[field.name];
      if (value === undefined || value === ZEROS[kind]) continue;
      if (!field.repeated) {
        if (!(kind === "bytes" && (value as Uint8Array)?.length === 0)) this.#writeOne(writer, field, value);
        continue;
      }
      const list = value as readonly unknown[];
      if (!Array.isArray(list)) throw new TypeError(`${this.name}.${field.proto} is an array`);
      if (list.length === 0) continue;
      if (kind === "int64" || kind === "uint32" || kind === "bool" || kind === "enum") {
        writer.varint(field.no * 8 + 2);
        writer.nested(() => list.forEach((item) => writeScalar(writer, field, item)));
      } else {
        for (const item of list) this.#writeOne(writer, field, item);
      }
    }
  }

  #writeOne(writer: Writer, field: FieldInfo, value: unknown): void {
    const delimited = field.kind === "string" || field.kind === "bytes" || field.kind === "message";
    writer.varint(field.no * 8 + (delimited ? 2 : 0));
    if (field.kind === "message") {
      if (typeof value !== "object" || value === null) throw new TypeError(`${this.name}.${field.proto} is an object`);
      const type = messageOf(field);
      writer.nested(() => type.#write(writer, value as Loose));
      return;
    }
    try {
      writeScalar(writer, field, value);
    } catch (error) {
      (error as Error).message = `${this.name}.${field.proto}: ${(error as Error).message}`;
      throw error;
    }
  }

  #read(reader: Reader, budget: { parts: number }, depth: number): T {
    if (depth > DEPTH_MAX) throw new DecodeError("messages too deep in each other");
    if (++budget.parts > PARTS_MAX) throw new DecodeError(`more than ${PARTS_MAX} parts`);
    const message = this.create();
    const loose = message as unknown as Loose;
    while (!reader.done) {
      const tag = reader.uint32();
      const wireType = tag & 7;
      const number = tag >>> 3;
      if (number === 0) throw new DecodeError("a field without a number");
      const field = this.#field(number);
      if (field === undefined || !fits(field, wireType)) {
        reader.skip(wireType);
        continue;
      }
      if (field.repeated) {
        const list = loose[field.name] as unknown[];
        if (wireType === 2 && !(field.kind === "string" || field.kind === "bytes" || field.kind === "message")) {
          const outer = reader.enter();
          while (!reader.done) this.#push(list, this.#readOne(reader, field, budget, depth), budget);
          reader.leave(outer);
        } else {
          this.#push(list, this.#readOne(reader, field, budget, depth), budget);
        }
        continue;
      }
      const value = this.#readOne(reader, field, budget, depth);
      if (field.oneof !== undefined) loose[field.oneof] = { case: field.name, value };
      else loose[field.name] = value;
    }
    return message;
  }

  #push(list: unknown[], value: unknown, budget: { parts: number }): void {
    if (++budget.parts > PARTS_MAX) throw new DecodeError(`more than ${PARTS_MAX} parts`);
    list.push(value);
  }

  #readOne(reader: Reader, field: FieldInfo, budget: { parts: number }, depth: number): unknown {
    switch (field.kind) {
      case "int64":
        return reader.int64();
      case "string":
        return reader.string();
      case "uint32":
        return reader.uint32();
      case "bool":
        return reader.bool();
      case "bytes":
        return reader.bytes();
      case "enum":
        return (field.type?.() as EnumType<string>).nameOf(reader.uint32());
      case "message": {
        const outer = reader.enter();
        const value = messageOf(field).#read(reader, budget, depth + 1);
        reader.leave(outer);
        return value;
      }
    }
  }

  #field(number: number): FieldInfo | undefined {
    if (this.#byNumber === undefined) {
      this.#byNumber = [];
      for (const field of this.fields) this.#byNumber[field.no] = field;
    }
    return this.#byNumber[number];
  }
}

function messageOf(field: FieldInfo): MessageType<unknown> {
  return field.type?.() as unknown as MessageType<unknown>;
}

function fits(field: FieldInfo, wireType: number): boolean {
  if (field.kind === "string" || field.kind === "bytes" || field.kind === "message") return wireType === 2;
  return wireType === 0 || (wireType === 2 && field.repeated === true);
}

function writeScalar(writer: Writer, field: FieldInfo, value: unknown): void {
  switch (field.kind) {
    case "int64":
      return writer.int64(value as bigint);
    case "string":
      return writer.string(value as string);
    case "bytes":
      return writer.bytes(value as Uint8Array);
    case "bool":
      if (typeof value !== "boolean") throw new TypeError(`true or false, not a ${typeof value}`);
      return writer.varint(value ? 1 : 0);
    case "uint32":
      if (typeof value !== "number") throw new TypeError(`a number, not a ${typeof value}`);
      if (!Number.isInteger(value) || value < 0 || value > 0xffff_ffff) {
        throw new RangeError(`a whole number from 0 to 4294967295, not ${value}`);
      }
      return writer.varint(value);
    case "enum":
      if (typeof value !== "string") throw new TypeError(`a name, not a ${typeof value}`);
      return writer.varint((field.type?.() as EnumType<string>).numberOf(value));
    default:
      throw new TypeError(`${field.kind} is no scalar`);
  }
}
