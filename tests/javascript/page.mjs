// What tests of errcli.js run in where there is no browser: stand-ins for what a page has, and the module in it.
import { readFileSync } from "node:fs";
import { mock } from "node:test";
import { runInThisContext } from "node:vm";

/** Events of each request, and of each beacon; what they were sent with. */
export const requests = [];
export const beacons = [];
export const options = [];
/** What is answered, in turn: a status, [status, JSON], or an error; 202 when nothing is left. */
export const answers = [];
/** What console.warn said. */
export const warnings = [];

const bodies = new Map();
const RealBlob = globalThis.Blob;
let hidden = false;
let room = Infinity;

function stand(name, value) {
  Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
}

stand("location", new URL("https://app.example.org/checkout?session=secret"));
for (const name of ["window", "self"]) stand(name, globalThis);
const events = new EventTarget();
for (const name of ["addEventListener", "removeEventListener", "dispatchEvent"]) stand(name, events[name].bind(events));
stand("document", Object.defineProperty(new EventTarget(), "visibilityState", { get: () => (hidden ? "hidden" : "visible") }));
stand(
  "Blob",
  class extends RealBlob {
    constructor(parts, about) {
      super(parts, about);
      bodies.set(this, parts.join(""));
    }
  },
);
stand("navigator", {
  sendBeacon(url, blob) {
    if (blob.size > room) return false;
    beacons.push(JSON.parse(bodies.get(blob)));
    options.push({ url, type: blob.type, bytes: blob.size });
    return true;
  },
});
stand("fetch", async (url, given) => {
  requests.push(JSON.parse(given.body));
  options.push({ url, ...given, bytes: Buffer.byteLength(given.body) });
  const answer = answers.shift() ?? 202;
  if (answer instanceof Error) throw answer;
  const [status, body] = [].concat(answer);
  return new Response(body === undefined ? "{}" : JSON.stringify(body), { status });
});
console.warn = (...said) => warnings.push(said.join(" "));
mock.timers.enable({ apis: ["setTimeout"] });

/** Let what was promised happen. */
export async function settled() {
  for (let round = 0; round < 5; round++) await new Promise(setImmediate);
}

/** Let time pass. */
export async function after(milliseconds) {
  await settled();
  mock.timers.tick(milliseconds);
  await settled();
}

/** Hide the page; `end` ends it as well, and beacons have so many bytes of room. */
export async function hide({ end = false, beaconRoom = Infinity } = {}) {
  room = beaconRoom;
  hidden = true;
  document.dispatchEvent(new Event("visibilitychange"));
  if (end) dispatchEvent(new Event("pagehide"));
  await settled();
}

/** Return React and what renders it without a page, loaded as a page loads them. */
export function react() {
  for (const name of ["react", "scheduler", "react-test-renderer"]) {
    runInThisContext(readFileSync(new URL(`react/${name}.production.min.js`, import.meta.url), "utf8"));
  }
  return [globalThis.React, globalThis.ReactTestRenderer];
}

/** Return what the events of requests, or of beacons, say. */
export function messages(sent = requests) {
  return sent.flat().map(({ error }) => error.message);
}

/** Return how many events each request had, or each beacon. */
export function sizes(sent = requests) {
  return sent.map((events) => events.length);
}

/** Input data of 18 kB: three events of it are a request. */
export const LONG = Array(9).fill("word ".repeat(400));
