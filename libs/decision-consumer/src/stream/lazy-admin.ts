import { createTopicAdmin, type Kafka, type TopicAdmin } from '@consent/kafka';

/** An admin connection that is made when it is first needed, and tried anew after it could not be made. */
export class LazyAdmin {
  readonly #kafka: Kafka;
  #admin: Promise<TopicAdmin> | null = null;

  constructor(kafka: Kafka) {
    this.#kafka = kafka;
  }

  get(): Promise<TopicAdmin> {
    return (this.#admin ??= createTopicAdmin(this.#kafka).catch((error: unknown) => {
      this.#admin = null;
      throw error;
    }));
  }

  async close(): Promise<void> {
    await (await this.#admin)?.close();
  }
}
