/** kafkajs's internal class, which has no types of its own. */
declare module 'kafkajs/src/network/requestQueue/index.js' {
  const RequestQueue: new (settings: object) => import('./mend-request-queue.js').RequestQueue;
  export default RequestQueue;
}
