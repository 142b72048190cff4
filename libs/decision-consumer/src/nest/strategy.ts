import { type CustomTransportStrategy, Server } from '@nestjs/microservices';
import { type DecisionConsumer } from '../decision-consumer.js';

/**
 * Nest's view of the consumer: starts after the application listens, and begins to end as the application does. Nest's own Kafka transport
 * takes one message at a time, commits what it has no handler for, and turns keys into text; it is not used.
 */
export class DecisionConsumerStrategy extends Server implements CustomTransportStrategy {
  override readonly transportId = Symbol('consent.decisions');

  constructor(private readonly consumer: DecisionConsumer) {
    super();
  }

  listen(callback: (error?: unknown) => void): void {
    this.consumer.start().then(() => callback(), callback);
  }

  close(): Promise<void> {
    return this.consumer.stop();
  }

  on(event: string): never {
    throw new Error(`The decision consumer emits no events; ${event} was asked for`);
  }

  unwrap<T>(): T {
    return this.consumer as T;
  }
}
