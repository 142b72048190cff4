import { Controller, Get } from '@nestjs/common';
import { OpenToAll } from '../callers/caller-guard.js';

@Controller()
export class OpenApiController {
  @Get('openapi.json')
  @OpenToAll()
  async document(): Promise<object> {
    // What it is made of takes most of a megabyte, and few ever ask.
    const { openApiDocument } = await import('../openapi/document.js');
    return openApiDocument();
  }
}
