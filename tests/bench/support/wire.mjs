// What goes over the wire: bytes as they are sent, before anybody unpacks them.

import http from "node:http";

/** The length of an answer's body as the server sends it to a browser that reads brotli. */
export function bytesOverTheWire(address) {
  return new Promise((resolve, reject) => {
    const request = http.get(address, { headers: { "accept-encoding": "br, gzip" } }, (answer) => {
      let bytes = 0;
      answer.on("data", (part) => (bytes += part.length));
      answer.on("end", () => {
        if (answer.statusCode === 200) {
          resolve({ bytes, encoding: answer.headers["content-encoding"] ?? "none" });
        } else {
          reject(new Error(`${address} answers ${answer.statusCode}`));
        }
      });
    });
    request.on("error", reject);
  });
}
