// A service for run-service.e2e.spec.ts, on the built library: started as a process of its own.
import { Controller, Get, Module, Post } from '@nestjs/common';
import { hostConfig, orExit, readConfig, runService } from '@consent/service-host';

class SlowController {
  async slow() {
    process.send?.('in hand');
    await new Promise((resolve) => process.once('message', resolve));
    return { finished: true };
  }
  reject() {
    void Promise.reject(new Error('nobody waits for this'));
    return {};
  }
  take() {
    return {};
  }
}
const decorate = (verb, method) =>
  verb(method)(SlowController.prototype, method, Object.getOwnPropertyDescriptor(SlowController.prototype, method));
decorate(Get, 'slow');
decorate(Get, 'reject');
decorate(Post, 'take');
Controller()(SlowController);

class TinyModule {}
Module({ controllers: [SlowController] })(TinyModule);

const { url } = await runService({
  name: 'tiny-service',
  config: orExit(() => readConfig(hostConfig(0))),
  module: TinyModule,
});
process.send?.(url);
