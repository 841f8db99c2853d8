/** A port that nothing on this machine listened on, at any address, just now; outside the range of outgoing connections. */
export declare function freePort(): Promise<number>
