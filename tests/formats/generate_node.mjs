// What do pino and bunyan write? Writes data/pino*.jsonl and data/bunyan*.jsonl with the libraries themselves.
//
//   mkdir $FOLDER && cp package.json $FOLDER && cd $FOLDER && npm install
//   node REPOSITORY/tests/formats/generate_node.mjs REPOSITORY/tests/formats/data
//
// The clock is a counter that begins anew with each file, and hosts are invented, so that running it again writes the same.

import { writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'

const require = createRequire(`${process.cwd()}/`)
const HERE = dirname(fileURLToPath(import.meta.url))
const OUT = process.argv[2]
const SystemDate = Date
const BEGIN = SystemDate.UTC(2026, 2, 1, 12, 0, 0)
let now = BEGIN

class FixedDate extends SystemDate {
  constructor (...given) {
    super(...(given.length === 0 ? [FixedDate.now()] : given))
  }

  static now () {
    now += 1500
    return now
  }
}
globalThis.Date = FixedDate
Object.defineProperty(process, 'pid', { value: 4711 })

const pino = require('pino')
const bunyan = require('bunyan')
Error.stackTraceLimit = 2

class PaymentDeclined extends Error {
  constructor (message, code) {
    super(message)
    this.name = 'PaymentDeclined'
    this.code = code
  }
}

function declined () {
  return new PaymentDeclined('Card declined by the issuer', 'CARD_DECLINED')
}

function typeError () {
  try {
    return undefined.total
  } catch (error) {
    return error
  }
}

function wrapped () {
  const cause = Object.assign(new Error('connect ECONNREFUSED 10.0.0.7:5432'), { code: 'ECONNREFUSED' })
  return new Error('Could not save the order', { cause })
}

// The records that every configuration writes, with the users and places of one shop.
function story (log, name = 'err') {
  log.trace({ userId: 'u-1' }, 'cart opened')
  log.debug({ userId: 'u-1' }, 'cart has 3 lines')
  log.info({ userId: 'u-1', page: '/cart' }, 'checkout begun')
  log.warn({ userId: 'u-1', sessionId: 's-1', page: '/cart', action: 'add' }, 'stock is low')
  log.error({ userId: 'u-1', sessionId: 's-1', page: '/checkout', action: 'pay', [name]: declined() }, 'payment failed')
  log.error({ user: { id: 42, name: 'Zoë' }, url: '/search?q=müller', code: 'E_SEARCH' }, 'Suche für „Müller“ schlug fehl 💥')
  log.fatal({ userId: 'u-2', sessionId: 's-2', page: '/orders', [name]: wrapped() }, 'order lost')
  log.error({ [name]: typeError() }, 'nobody was signed in')
  log.warn('disk is at 91%')
}

function pinoTo (file) {
  const lines = []
  const stream = { write: (line) => lines.push(line) }
  return {
    logger: (options) => pino({ level: 'trace', base: { pid: 4711, hostname: 'web-1' }, ...options }, stream),
    end: () => write(file, lines.join(''))
  }
}

function write (file, text) {
  now = BEGIN
  writeFileSync(`${OUT}/${file}`, text.replaceAll(HERE, '/srv/shop'))
}

function plainPino () {
  const { logger, end } = pinoTo('pino.jsonl')
  const log = logger({ serializers: { req: pino.stdSerializers.req, res: pino.stdSerializers.res } })
  log.info('listening on port 3000')
  story(log)
  const child = log.child({ module: 'billing', userId: 'u-3', sessionId: 's-3' })
  child.error(declined())
  child.child({ page: '/invoice' }).error({ err: typeError() })
  child.info('invoice sent')
  const req = { id: 7, method: 'POST', url: '/orders?coupon=SPRING', headers: { host: 'shop.example' }, socket: {} }
  const res = { statusCode: 502, headersSent: true, getHeaders: () => ({ 'content-length': '0' }) }
  log.error({ req, res, userId: 'u-4', responseTime: 31, err: new Error('failed with status code 502') }, 'request errored')
  log.error({ userId: 'u-5', err: 'no error object, but text' }, 'export failed')
  log.error({ userId: 'u-6', err: new AggregateError([new Error('a'), new RangeError('b')], 'two mirrors failed') })
  log.error({ userId: 'u-7', severity: 'critical', userBlocked: true, dataLoss: true }, 'draft is gone')
  log.error({ userId: '', page: '/login' }, 'user has a blank name')
  log.warn({ user_id: 'u-8', error_type: 'quota', error_message: 'Quota of 5 GB is used up' }, 'upload refused')
  end()
}

function pinoOptions () {
  const { logger, end } = pinoTo('pino-options.jsonl')
  const words = { formatters: { level: (label) => ({ level: label }) } }
  story(logger({ ...words, timestamp: pino.stdTimeFunctions.isoTime }))
  story(logger({ messageKey: 'message', errorKey: 'error', timestamp: pino.stdTimeFunctions.unixTime }), 'error')
  story(logger({ base: null, errorKey: 'failure', timestamp: pino.stdTimeFunctions.isoTime, ...words }), 'failure')
  const cloud = { formatters: { level: (label) => ({ severity: label.toUpperCase() }) }, messageKey: 'message' }
  story(logger({ ...cloud, timestamp: () => `,"timestamp":"${new Date().toISOString()}"` }))
  const own = logger({ ...words, customLevels: { audit: 35 } })
  own.audit({ userId: 'u-9' }, 'role changed')
  own.audit({ userId: 'u-9', err: declined() }, 'role not changed')
  logger({ name: 'shop', timestamp: pino.stdTimeFunctions.isoTime }).error({ userId: 'u-9' }, 'as bunyan, but without v')
  end()
}

function bunyanTo (file) {
  const lines = []
  const stream = { write: (line) => lines.push(line) }
  const log = bunyan.createLogger({
    name: 'shop', hostname: 'web-1', pid: 4711, level: 'trace', stream, serializers: bunyan.stdSerializers
  })
  return { log, end: () => write(file, lines.join('')) }
}

function plainBunyan () {
  const { log, end } = bunyanTo('bunyan.jsonl')
  log.info('listening on port 3000')
  story(log)
  const child = log.child({ component: 'billing', userId: 'u-3', sessionId: 's-3' })
  child.error(declined())
  child.error(wrapped(), 'invoice %d was not sent', 17)
  child.info({ invoice: 17 }, 'invoice sent')
  child.child({ page: '/invoice' }, true).warn('slow answer')
  const req = { method: 'POST', url: '/orders?coupon=SPRING', headers: { host: 'shop.example' }, connection: {} }
  log.error({ req, res: { statusCode: 502, _header: 'HTTP/1.1 502' }, userId: 'u-4' }, 'request errored')
  log.error({ userId: 'u-5', err: 'no error object, but text' }, 'export failed')
  log.error({ userId: 'u-7', severity: 'low', userBlocked: true }, 'draft is gone')
  log.fatal({ userId: 'u-8', time: new Date(FixedDate.UTC(2026, 1, 28, 23, 59, 59, 999)) }, 'time of its own')
  end()
}

plainPino()
pinoOptions()
plainBunyan()
