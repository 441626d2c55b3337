// A caller who trusts the generated types: it makes a meeting, finds it, changes it, and comes too late.

import { argv, stdout } from "node:process";
import createClient from "openapi-fetch";
import type { components, paths } from "./minutes.js";

type Meeting = components["schemas"]["MeetingOut"];
type Problem = components["schemas"]["Problem"];

const [url, key, host] = argv.slice(2);
if (!url || !key || !host) throw new Error("needs an address, a key and the id of a body");
const client = createClient<paths>({ baseUrl: url, headers: { "X-API-Key": key } });

const made = await client.POST("/v1/meetings", {
  body: { host_organization_id: host, title: "Giao ban", held_on: "2025-09-04" },
});
const meeting: Meeting = given(made);
const tag = made.response.headers.get("ETag") ?? "";

const found = given(
  await client.GET("/v1/meetings", {
    params: { query: { host_organization_id: [host], kind: ["quarterly_briefing"] } },
  }),
);

const changed: Meeting = given(await patch({ location: "Hội trường" }));
const { error: late } = await patch({ location: null });
if (!late) throw new Error("a stale version was taken");
const problem: Problem = late;

stdout.write(
  JSON.stringify({
    made: { id: meeting.id, held_on: meeting.held_on, tag },
    found: found.items.map((one) => one.id),
    changed: { version: changed.version, location: changed.location },
    late: { status: problem.status, code: problem.code, version: problem.current_version },
  }),
);

function patch(body: components["schemas"]["MeetingPatch"]) {
  return client.PATCH("/v1/meetings/{meeting_id}", {
    params: { path: { meeting_id: meeting.id }, header: { "If-Match": tag } },
    body,
  });
}

function given<T>(answer: { data?: T; error?: Problem }): T {
  if (answer.data === undefined) throw new Error(JSON.stringify(answer.error));
  return answer.data;
}
