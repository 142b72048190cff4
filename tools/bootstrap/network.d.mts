export declare function portIsFree(port: number): Promise<boolean>;
export declare function acceptsConnections(host: string, port: number): Promise<boolean>;
export declare function clusterIdAt(host: string, port: number): Promise<string | undefined>;
export declare function registryAnswers(url: string): Promise<boolean>;
