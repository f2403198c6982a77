import type { DependencyContainer } from 'tsyringe';

/** A container key that knows the type of what it stands for, so that `resolve` needs no cast at the place of use. */
export interface Token<T> {
  readonly key: symbol;
  /** Never set: only carries the type. */
  readonly type?: T;
}

/** A new token; two of the same name are two tokens. */
export function token<T>(name: string): Token<T> {
  return { key: Symbol(name) };
}

// tsyringe takes `useValue: null` for a missing provider, so values travel in a box.
interface Box<T> {
  readonly value: T;
}

export function provide<T>(container: DependencyContainer, key: Token<T>, value: T): void {
  container.register<Box<T>>(key.key, { useValue: { value } });
}

/** Registers a factory, which is called with the container that resolves: a run's plugin gets that run's values. */
export function provideFactory<T>(container: DependencyContainer, key: Token<T>, make: (scope: DependencyContainer) => T): void {
  container.register<Box<T>>(key.key, { useFactory: (scope) => ({ value: make(scope) }) });
}

export function resolve<T>(container: DependencyContainer, key: Token<T>): T {
  return container.resolve<Box<T>>(key.key).value;
}
