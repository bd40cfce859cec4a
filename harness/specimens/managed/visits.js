// node:http. The sick one remembers each visit; the clean one makes as much garbage and keeps the last 100.
'use strict';
const http = require('http');

const [port, kind] = [Number(process.argv[2]), process.argv[3]];
const kRemembered = 100;
const visits = new Map();

function remember(number, url) {
  visits.set(kind === 'sick' ? number : number % kRemembered, { url, at: Date.now(), pad: new Array(40).fill(number) });
}

let number = 0;
http.createServer((request, response) => {
  if (request.url !== '/health') remember(number++, request.url);
  response.setHeader('Content-Length', 2);
  response.end('ok');
}).listen(port, '127.0.0.1');
