import { Controller, Get } from '@nestjs/common';
import { OpenToAll } from '../callers/caller-guard.js';
import { openApiDocument } from '../openapi/document.js';

@Controller()
export class OpenApiController {
  @Get('openapi.json')
  @OpenToAll()
  document(): object {
    return openApiDocument();
  }
}
