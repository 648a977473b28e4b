// What this sample needs of NestJS and TypeORM, so that it is type-checked without them. In a service of your own you
// have the packages, and not this file.

declare module "@nestjs/common" {
  export function Injectable(): (target: new (...args: never[]) => unknown) => void;
  export function Module(
    parts: { providers: unknown[]; exports?: unknown[]; imports?: unknown[] },
  ): (target: object) => void;
  export interface OnModuleDestroy {
    onModuleDestroy(): void | Promise<void>;
  }
  export class HttpException extends Error {
    constructor(body: string | object, status: number);
    getStatus(): number;
    getResponse(): string | object;
  }
}

declare module "@nestjs/typeorm" {
  export function InjectRepository(
    entity: object,
  ): (target: object, property: string | symbol | undefined, index: number) => void;
  export const TypeOrmModule: { forFeature(entities: object[]): object };
}

declare module "typeorm" {
  export function Entity(name: string): (target: object) => void;
  export function PrimaryColumn(type: string): (target: object, property: string) => void;
  export function Column(
    type: string,
    options?: { unique?: boolean; nullable?: boolean },
  ): (target: object, property: string) => void;
  export interface Repository<T> {
    findOneByOrFail(where: Partial<T>): Promise<T>;
    save(entity: T): Promise<T>;
    update(where: Partial<T>, changes: Partial<T>): Promise<unknown>;
  }
}
