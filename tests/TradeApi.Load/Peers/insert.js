// What a user would write who wants the notices in a table and nothing more: checked by a JSON schema, stored, answered.
// No rules, no token, no receipt.
'use strict';

const { randomUUID } = require('node:crypto');
const fastify = require('fastify')({ bodyLimit: 65536 });
const { Pool } = require('pg');

const pool = new Pool({
  host: '127.0.0.1',
  port: Number(process.env.POSTGRES_PORT),
  user: 'postgres',
  database: process.env.POSTGRES_DATABASE,
  max: 16,
});

const text = { type: 'string', maxLength: 255 };
const body = {
  type: 'object',
  required: ['type', 'registrationNumber', 'documentReferenceNumber', 'eventDate', 'keeperConsent'],
  properties: {
    type: { type: 'string', enum: ['disposalToTrade', 'acquisitionFromTrade'] },
    clientReference: text,
    registrationNumber: { type: 'string', pattern: '^[A-Z0-9]{2,7}$' },
    documentReferenceNumber: { type: 'string', pattern: '^[0-9]{11}$' },
    eventDate: { type: 'string', format: 'date' },
    mileage: { type: 'integer', minimum: 0 },
    keeperConsent: { type: 'boolean' },
    markRightsConsent: { type: 'boolean' },
    taxChoice: text,
    newKeeper: {
      type: 'object',
      required: ['lastName', 'address'],
      properties: {
        title: text,
        firstNames: text,
        lastName: text,
        address: {
          type: 'object',
          required: ['line1', 'postTown', 'postcode'],
          properties: { line1: text, postTown: text, postcode: text },
        },
      },
    },
  },
};
const answer = { type: 'object', properties: { id: { type: 'string' }, outcome: { type: 'string' } } };

const insert = `
  insert into notice (id, idempotency_key, type, client_reference, registration_number, document_reference_number,
                      event_date, mileage, keeper_consent, mark_rights_consent, tax_choice, title, first_names,
                      last_name, address, received_at)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`;

fastify.post('/notices', { schema: { body, response: { 201: answer } } }, async (request, reply) => {
  const notice = request.body;
  const keeper = notice.newKeeper;
  const id = randomUUID();
  await pool.query({
    name: 'insert',
    text: insert,
    values: [
      id,
      request.headers['idempotency-key'],
      notice.type,
      notice.clientReference,
      notice.registrationNumber,
      notice.documentReferenceNumber,
      notice.eventDate,
      notice.mileage,
      notice.keeperConsent,
      notice.markRightsConsent,
      notice.taxChoice,
      keeper?.title,
      keeper?.firstNames,
      keeper?.lastName,
      keeper ? JSON.stringify(keeper.address) : null,
      new Date(),
    ],
  });
  reply.code(201);
  return { id, outcome: 'stored' };
});

const table = `
  create table if not exists notice (
    id uuid primary key, idempotency_key text not null, type text not null, client_reference text,
    registration_number text not null, document_reference_number text not null, event_date date not null,
    mileage integer, keeper_consent boolean not null, mark_rights_consent boolean, tax_choice text, title text,
    first_names text, last_name text, address jsonb, received_at timestamptz not null);
  create index if not exists notice_of_vehicle on notice (registration_number, event_date)`;

pool.query(table).then(() => fastify.listen({ host: '127.0.0.1', port: Number(process.env.PORT) }));
