// Sends requests with jolokia.js. Standard input: a line of JSON for each call, with url, username,
// password, method and request; standard output: a line of JSON with the answer, or its failure.
import Jolokia from "jolokia.js";
import { createInterface } from "node:readline";

for await (const line of createInterface({ input: process.stdin })) {
  const { url, username, password, method, request } = JSON.parse(line);
  // the options username and password work in browsers only
  const Authorization = "Basic " + Buffer.from(`${username}:${password}`).toString("base64");
  let answer;
  try {
    answer = await new Jolokia({ url, method, headers: { Authorization } }).request(request);
  } catch (error) {
    answer = { status: error.status ?? 0, error: String(error.statusText ?? error) };
  }
  console.log(JSON.stringify(answer));
}
