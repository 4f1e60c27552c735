'use strict';

// Asks a server on the loopback interface: node client.js PORT PROTO. Each line of its input is a command, "Check NAME" or
// "Watch NAME". Each answer is a line of its output.
const grpc = require('@grpc/grpc-js');
const loader = require('@grpc/proto-loader');
const readline = require('readline');

const [port, proto] = process.argv.slice(2);
const { health } = grpc.loadPackageDefinition(loader.loadSync(proto, { enums: String, defaults: true })).grpc;
const client = new health.v1.Health(`127.0.0.1:${port}`, grpc.credentials.createInsecure());

const say = (command, text) => console.log(`${command}: ${text}`);
const inWords = (error) => `${grpc.status[error.code]}, ${error.details}`;

readline.createInterface({ input: process.stdin }).on('line', (command) => {
    const [method, service = ''] = command.split(' ');
    if (method === 'Check') {
        client.check({ service }, (error, answer) => say(command, error ? inWords(error) : answer.status));
    } else {
        client.watch({ service })
            .on('data', (answer) => say(command, answer.status))
            .on('error', (error) => say(command, inWords(error)));
    }
}).on('close', () => process.exit());
