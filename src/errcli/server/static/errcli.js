// What do the users of a page run into? Events in the form that `errcli serve` takes, sent in batches; no dependencies.
// It never throws into the page; secrets are redacted by the server, by the rules of `errcli ingest`.

const MOST_WAITING = 200; // events; when there are more, the newest are shed
const BATCH = 20; // events of a request
const BATCH_BYTES = 60_000; // of a request: a browser lets 64 KiB outlive the page
const PATIENCE = 1000; // milliseconds that an event waits for others
const LONGEST_PAUSE = 60_000; // milliseconds between two tries to send
const MOST_TRIES = 10; // to send one batch: about four minutes
const REPEAT = 1000; // milliseconds within which the same error is a repeat
const LASTING = 10_000; // milliseconds for which an error object stays the event that it is
const LONGEST = 8000; // characters of a text
const SHORT = 200; // characters of each text of an event that is too long all the same
const ROOM = 20_000; // characters of a value, its keys included
const DEEPEST = 10; // levels of a value
const CANCELLED = "CANCELLED";

/** What users are told, by code; an application adds its own. UNKNOWN is for every code that is not here. */
export const MESSAGES = {
  __proto__: null,
  NETWORK_ERROR: "We could not reach the server. Please check your connection and try again.",
  PERMISSION_DENIED: "You do not have access to this. Ask an administrator if you need it.",
  TIMEOUT: "This took too long. Please try again in a moment.",
  VALIDATION_ERROR: "Something in what you entered is not right. Please check it and try again.",
  WORKFLOW_FAILED: "This task could not be completed. Nothing more is needed from you; please try again later.",
  UNKNOWN: "Something went wrong on our side. Please try again, and contact us if it happens again.",
};

const NETWORK = ["network", "NETWORK_ERROR"];
const PERMISSION = ["permission", "PERMISSION_DENIED"];
const VALIDATION = ["validation", "VALIDATION_ERROR"];
const KINDS = {
  __proto__: null,
  TimeoutError: ["timeout", "TIMEOUT"],
  NetworkError: NETWORK,
  NotAllowedError: PERMISSION,
  SecurityError: PERMISSION,
  ValidationError: VALIDATION,
  ZodError: VALIDATION,
};
const CALLED_OFF = ["AbortError", "CanceledError"]; // fetch, axios
// how Chromium, Firefox and Safari say that fetch did not reach anybody: a TypeError like any other
const UNREACHABLE = /^(Failed to fetch|NetworkError when attempting|Load failed)/;

// Where a field stands in an event, and how its value is read.
const PLACES = {
  type: ["error", "type", text],
  code: ["error", "code", text],
  message: ["error", "message", text],
  userMessage: ["error", "userMessage", text],
  technical: ["error", "technical", text],
  page: ["context", "page", (value) => text(ask(value))],
  action: ["context", "action", text],
  workflow: ["context", "workflowId", id],
  agent: ["context", "agentId", id],
  inputData: ["context", "inputData", (value) => plain(value)],
  previousErrors: ["context", "previousErrors", (value) => [].concat(value).slice(-20).map((each) => text(each) ?? "")],
  severity: ["impact", "severity", text],
  userBlocked: ["impact", "userBlocked", Boolean],
  workflowFailed: ["impact", "workflowFailed", Boolean],
  dataLoss: ["impact", "dataLoss", Boolean],
  recovered: ["recovery", "successful", Boolean],
  recoveryMethod: ["recovery", "method", text],
  recoveryUserAction: ["recovery", "userAction", text],
};

const config = { url: "/api/v1/errors/track", page: () => location.pathname };
const counts = { sent: 0, ignored: 0, shed: 0, failed: 0 };
const waiting = []; // {json, bytes, tries}
const held = new Set(); // what writes the failed tries that wait for the next one
const known = new WeakMap(); // error -> [event id, user, moment]
const recent = new Map(); // what an event says -> [event id, moment]
let flying = []; // the batch that is being sent
let pause = 0; // milliseconds until it is tried again; 0 while the server answers
let timer;
let sending;
let inside = false;
let warned = false;

/**
 * Say where events go and whose they are: `url`, `user`, `session`, `page`, `release`, `headers`. Values, or functions
 * that are asked at each error; `headers` go with each request, which is then never a beacon.
 */
export function configure(options) {
  guarded(() => Object.assign(config, options));
}

/** Track an error: anything that may be thrown, or a text. Returns the event's id, or that of what it repeats. */
export function trackError(error, fields) {
  const tracked = guarded(() => {
    const event = eventOf(error, fields);
    const before = event.error.code === CANCELLED ? event.id : repeated(error, event);
    if (before) counts.ignored++;
    else write(error, event);
    return before ?? event.id;
  });
  return tracked ?? "";
}

/**
 * Call a function until its promise is kept; resolves or rejects as the last try did. Each failed try is an event; it
 * says whether the next one helped, so it is written when that has ended. Pauses grow by `delay` milliseconds; what
 * `on(error)` says no to, or was cancelled, is not tried again. The other options are the fields of trackError.
 */
export async function withRetry(call, { tries = 3, delay = 1000, on = () => true, inputData, ...fields } = {}) {
  let failed;
  const settle = (successful) => {
    held.delete(settle);
    guarded(() => {
      const [error, event] = failed ?? [];
      failed = undefined;
      if (!event) return;
      if (successful !== undefined) Object.assign(event.recovery, { attempted: true, successful, method: "retry" });
      if (event.error.code === CANCELLED) counts.ignored++;
      else write(error, event);
    });
  };
  for (let number = 1; ; number++) {
    try {
      const result = await call(number);
      settle(true);
      return result;
    } catch (error) {
      const cancelled = kindOf(error)[1] === CANCELLED;
      settle(cancelled ? undefined : false);
      if (cancelled) {
        counts.ignored++;
        throw error;
      }
      const last = !(number < tries && ask(() => on(error)));
      failed = guarded(() => {
        const given = plain(inputData);
        const own = typeof given !== "object" || Array.isArray(given) ? { input: given } : given;
        const said = { ...fields, inputData: { ...own, retryAttempt: number } };
        return [error, eventOf(error, last ? { ...said, severity: "high", userBlocked: true } : said)];
      });
      held.add(settle);
      if (last) {
        settle(number > 1 ? false : undefined);
        throw error;
      }
    }
    await new Promise((resolve) => setTimeout(resolve, delay * number));
  }
}

/** Return what to tell the user of an error, or of a code. */
export function getUserMessage(error) {
  return MESSAGES[typeof error === "string" ? error : kindOf(error)[1]] ?? MESSAGES.UNKNOWN;
}

/**
 * Return an error boundary for the React that is given. Its props are the fields of trackError, `onError(error, id)`,
 * and `fallback`: what is shown instead, or a function of `{error, id, message, reset}` that returns it.
 */
export function createErrorBoundary(React) {
  return class ErrorBoundary extends React.Component {
    state = {};

    static getDerivedStateFromError(error) {
      return { failed: { error } };
    }

    componentDidCatch(error, info) {
      const technical = `${text(read(error, "stack")) ?? ""}\n${text(read(info, "componentStack")) ?? ""}`.trim();
      const id = trackError(error, { severity: "high", userBlocked: true, technical, ...this.props });
      this.setState(({ failed }) => failed && { failed: { error, id } });
      this.props.onError?.(error, id);
    }

    render() {
      const { children, fallback } = this.props;
      const { failed } = this.state;
      if (!failed) return children ?? null;
      if (typeof fallback !== "function") return fallback ?? null;
      return fallback({ ...failed, message: getUserMessage(failed.error), reset: () => this.setState({ failed: null }) });
    }
  };
}

/** Track what nothing in the page handles, with these fields; returns a function that ends it. */
export function captureGlobalErrors(fields) {
  const onError = ({ error, message, filename, lineno }) =>
    trackError(error ?? message, { ...fields, ...(error == null && { technical: `${filename}:${lineno}` }) });
  const onRejection = ({ reason }) => trackError(reason, fields);
  addEventListener("error", onError);
  addEventListener("unhandledrejection", onRejection);
  return () => {
    removeEventListener("error", onError);
    removeEventListener("unhandledrejection", onRejection);
  };
}

/** Send what waits; resolves when each of it was accepted or, for now, was not. */
export async function flush() {
  await sending;
  await drain();
}

/** Return how many events were sent, ignored, shed and refused, and how many wait. */
export function stats() {
  return { ...counts, waiting: waiting.length + flying.length };
}

/** Run what must not throw into the page, nor track errors of its own. */
function guarded(action) {
  if (inside) return undefined;
  inside = true;
  try {
    return action();
  } catch {
    counts.failed++;
    return undefined;
  } finally {
    inside = false;
  }
}

function eventOf(error, fields) {
  const [type, code] = kindOf(error);
  const event = {
    id: uuid(),
    userId: id(read(fields, "user")) ?? id(config.user) ?? "anonymous",
    sessionId: id(read(fields, "session")) ?? id(config.session),
    timestamp: new Date().toISOString(),
    release: text(ask(config.release)),
    fingerprint: text(read(fields, "fingerprint")),
    error: { type, code, message: text(error) ?? "", technical: text(read(error, "stack")) },
    context: { page: text(ask(config.page)) },
    impact: { severity: "medium" },
    recovery: {},
  };
  for (const [name, [section, key, convert]] of Object.entries(PLACES)) {
    const value = read(fields, name);
    if (value != null) event[section][key] = ask(() => convert(value));
  }
  if ("successful" in event.recovery) event.recovery.attempted = true;
  return event;
}

/** Return the type and code of an error; its own `code`, if that is a text, goes before. */
function kindOf(error) {
  const name = read(error, "name");
  const own = read(error, "code");
  const code = typeof own === "string" && own && own.length <= 100 ? own : undefined;
  if (typeof name !== "string" || !name) return ["unknown", code];
  if (CALLED_OFF.includes(name)) return ["unknown", CANCELLED];
  const kind = name === "TypeError" && UNREACHABLE.test(text(error)) ? NETWORK : KINDS[name];
  return kind ? [kind[0], code ?? kind[1]] : [text(name), code];
}

/** Return the id of the event that this one repeats; if there is none, this one may be repeated. */
function repeated(error, { id, userId, sessionId, error: { type, code, message }, context: { page, action } }) {
  const now = performance.now();
  const [before, user, moment] = known.get(Object(error)) ?? [];
  if (before && now - moment < LASTING && (user === userId || userId === "anonymous")) return before;
  const key = JSON.stringify([userId, sessionId, type, code, message, page, action]);
  const [same, when] = recent.get(key) ?? [];
  if (same && now - when < REPEAT) return same;
  if (recent.size >= MOST_WAITING) recent.clear();
  recent.set(key, [id, now]);
  return undefined;
}

function write(error, event) {
  if (Object(error) === error) known.set(error, [event.id, event.userId, performance.now()]);
  if (waiting.length + flying.length >= MOST_WAITING) {
    counts.shed++;
    return;
  }
  let json = JSON.stringify(event);
  if (bytesOf(json) > BATCH_BYTES - 2) {
    event.context.inputData &&= "[too long]";
    json = JSON.stringify(event, (_, value) => (typeof value === "string" ? cut(value, SHORT) : value));
  }
  waiting.push({ json, bytes: bytesOf(json), tries: 0 });
  if (waiting.length >= BATCH && !pause) drain();
  else schedule();
}

function schedule() {
  timer ??= setTimeout(drain, pause ? pause * (0.75 + Math.random() / 2) : PATIENCE);
}

/** Send what waits, unless it is being sent; never rejects. */
function drain() {
  clearTimeout(timer);
  timer = undefined;
  sending ??= Promise.resolve()
    .then(send)
    .catch(() => {})
    .finally(() => {
      sending = undefined;
      if (waiting.length) schedule();
    });
  return sending;
}

/** Send batches until nothing waits or the server does not answer. */
async function send() {
  while (waiting.length) {
    flying = take();
    const [status, faults] = await post(flying);
    const batch = flying;
    flying = [];
    if (status >= 200 && status < 300) {
      counts.sent += batch.length;
      pause = 0;
      continue;
    }
    const later = !status || status >= 500 || status === 408 || status === 429;
    const left = batch.filter((event, index) => (later ? ++event.tries < MOST_TRIES : faults && !faults.has(index)));
    const refused = batch.length - left.length;
    waiting.unshift(...left);
    counts.failed += refused;
    if (refused && !warned) console.warn(`errcli: ${config.url} does not take events: ${status || "no answer"}`);
    warned ||= refused > 0;
    if (later) {
      pause = Math.min(pause * 2 || PATIENCE, LONGEST_PAUSE);
      return;
    }
  }
}

/** Post events; returns the status, 0 if there is none, and the places of those at fault, if it names some. */
async function post(events) {
  let status = 0;
  try {
    const headers = { ...ask(config.headers), "Content-Type": "application/json" };
    const response = await fetch(config.url, { method: "POST", headers, body: bodyOf(events), keepalive: true });
    status = response.status;
    const answer = await response.text(); // until it is read, it takes of what may outlive the page
    const named = status === 422 ? JSON.parse(answer).error.events.map(({ index }) => index) : [];
    return [status, events.some((_, index) => named.includes(index)) ? new Set(named) : undefined];
  } catch {
    return [status];
  }
}

/** Return the next batch, which does not wait any more. */
function take() {
  let count = 0;
  let bytes = 1;
  while (count < Math.min(BATCH, waiting.length) && (bytes += waiting[count].bytes + 1) <= BATCH_BYTES) count++;
  return waiting.splice(0, count);
}

function bodyOf(events) {
  return `[${events.map(({ json }) => json)}]`;
}

/**
 * Send what waits, for the page may be about to end. A beacon has no headers, goes to no other origin, and nobody hears
 * whether it was accepted; otherwise it is a request that may outlive the page.
 */
function leave() {
  const beacons = !pause && !config.headers && new URL(config.url, location.href).origin === location.origin;
  while (beacons && waiting.length) {
    const batch = take();
    if (!navigator.sendBeacon(config.url, new Blob([bodyOf(batch)], { type: "application/json" }))) {
      waiting.unshift(...batch);
      break;
    }
    counts.sent += batch.length;
  }
  if (waiting.length) drain();
}

/** Return a value of which JSON can be made: no cycles, nothing that throws, and not more than there is room for. */
function plain(value, room = { left: ROOM }, above = []) {
  try {
    if (typeof value === "bigint") return String(value);
    if (typeof value === "string") {
      const said = cut(value, Math.max(0, Math.min(LONGEST, room.left)));
      room.left -= said.length;
      return said;
    }
    if (Object(value) !== value || typeof value === "function") return value;
    if (above.includes(value)) return "[cycle]";
    if (above.length >= DEEPEST || room.left <= 0) return "[too long]";
    if (ArrayBuffer.isView(value)) return "[binary]";
    if (value instanceof Error) return plain(`${value.name}: ${value.message}`, room);
    const within = [...above, value];
    if (typeof value.toJSON === "function") return plain(value.toJSON(), room, within);
    const made = Array.isArray(value) ? [] : { __proto__: null };
    for (const key of Object.keys(value)) {
      room.left -= key.length + 4;
      if (room.left <= 0) break;
      made[key] = plain(read(value, key, "[unreadable]"), room, within);
    }
    return made;
  } catch {
    return "[unreadable]";
  }
}

/** Return what a value says, undefined for nothing; asks no object for a text of its own. */
function text(value) {
  if (value == null) return undefined;
  if (typeof value === "string") return cut(value, LONGEST);
  const message = read(value, "message");
  if (typeof message === "string") return cut(message, LONGEST);
  return cut(typeof value === "object" ? JSON.stringify(plain(value)) : String(value), LONGEST);
}

/** Return a text of limited length; a word that would be torn, which may be a secret, is left out. */
function cut(said, longest) {
  return said.length > longest ? said.slice(0, longest).replace(/\S{0,99}$/, "…") : said;
}

/** Return what names somebody, undefined if it names nobody. */
function id(value) {
  const said = ask(value);
  const name = ["string", "number", "bigint"].includes(typeof said) ? String(said) : "";
  return name.trim() ? name.slice(0, 1000) : undefined;
}

function ask(value) {
  try {
    return typeof value === "function" ? value() : value;
  } catch {
    return undefined;
  }
}

function read(object, key, otherwise) {
  try {
    return object?.[key];
  } catch {
    return otherwise;
  }
}

function bytesOf(json) {
  return new TextEncoder().encode(json).length;
}

function uuid() {
  if (crypto.randomUUID) return crypto.randomUUID();
  // a page that came over plain HTTP
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

globalThis.document?.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") guarded(leave);
});
globalThis.window?.addEventListener("pagehide", () => {
  for (const settle of held) settle();
  guarded(leave);
});
