// The peer's server: a PouchDB on disk behind express-pouchdb, in a process of its own.
//
// In: a folder. Out: a line with the port it listens on. It ends when its parent closes the pipe.

import express from "express";
import expressPouchDb from "express-pouchdb";
import { join } from "node:path";
import PouchDB from "pouchdb";

const [folder] = process.argv.slice(2);
const Store = PouchDB.defaults({ prefix: join(folder, "server-") });
const options = {
  mode: "minimumForPouchDB",
  configPath: join(folder, "config.json"),
  logPath: join(folder, "log.txt"),
};
const server = express()
  .use("/", expressPouchDb(Store, options))
  .listen(0, "127.0.0.1", () => console.log(server.address().port));

process.stdin.on("end", () => process.exit(0)).resume();
