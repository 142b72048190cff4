// "May I?" as a tutorial would have it: Fastify, and one statement of TypeORM's a question for the newest state of one
// purpose. No caller, no rule, no reason: the answer is what was published last.
import { fastify } from 'fastify';
import { DataSource, EntitySchema } from 'typeorm';

interface State {
  subject_id: string;
  purpose_id: string;
  status: string;
  allowed: boolean;
}

const state = new EntitySchema<State>({
  name: 'current_state',
  columns: {
    subject_id: { type: 'uuid', primary: true },
    purpose_id: { type: 'text', primary: true },
    status: { type: 'text' },
    allowed: { type: 'boolean' },
  },
});

const [url = '', port = ''] = process.argv.slice(2);
const db = await new DataSource({ type: 'postgres', url, entities: [state] }).initialize();
const states = db.getRepository(state);
const server = fastify();
server.get<{ Params: { id: string }; Querystring: { purpose: string } }>(
  '/v1/subjects/:id/permissions',
  ({ params, query }) => states.findBy({ subject_id: params.id, purpose_id: query.purpose }),
);
await server.listen({ host: '127.0.0.1', port: Number(port) });
