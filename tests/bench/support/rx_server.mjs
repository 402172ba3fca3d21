// The second peer's server: the least that RxDB's replication asks of one, in a process of its own, all in memory.
//
// In: documents pushed, checkpoints pulled from. Out: a line with the port it listens on. Nothing is on a disk, checked or
// compared: every conflict there could be is none. It ends when its parent closes the pipe.

import { createServer } from "node:http";

const documents = [];

async function bodyOf(request) {
  const parts = [];
  for await (const part of request) {
    parts.push(part);
  }
  return JSON.parse(Buffer.concat(parts).toString());
}

const answers = {
  // Where a document stands is its checkpoint.
  "/push": (rows) => {
    for (const row of rows) {
      documents.push(row.newDocumentState);
    }
    return [];
  },
  "/pull": ({ after, limit }) => {
    const page = documents.slice(after, after + limit);
    return { documents: page, checkpoint: { after: after + page.length } };
  },
};

const server = createServer(async (request, response) => {
  const answer = answers[request.url](await bodyOf(request));
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify(answer));
});
server.listen(0, "127.0.0.1", () => console.log(server.address().port));

process.stdin.on("end", () => process.exit(0)).resume();
