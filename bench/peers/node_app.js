// node as a peer, at its leanest: node node_app.js PORT
'use strict';

const items = Array.from({ length: 31 }, (_, i) => ({ id: 10 + i, name: 'cup', ok: true }));

function answer(response, type, body) {
  response.writeHead(200, { 'Content-Type': type, 'Content-Length': Buffer.byteLength(body) });
  response.end(body);
}

function serve(request, response) {
  if (request.url === '/items') {
    answer(response, 'application/json', JSON.stringify(items));
  } else if (request.url === '/echo') {
    const pieces = [];
    request.on('data', (piece) => pieces.push(piece));
    request.on('end', () => answer(response, 'application/octet-stream', Buffer.concat(pieces)));
  } else {
    answer(response, 'text/plain', 'Hello, World!');
  }
}

const server = require('http').createServer({ keepAliveTimeout: 3600e3 }, serve);
server.listen({ port: +process.argv[2], host: '127.0.0.1', backlog: 4096 });
