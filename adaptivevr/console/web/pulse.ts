// A timer in a worker: timers of a hidden page are slowed down to one a minute, a worker's are not.

setInterval(() => postMessage(0), 200);

export {};
