export declare function ensurePackages(root: string): Promise<string | undefined>;
export declare function whyInstall(root: string): string | undefined;
