import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import {
  databaseOf,
  environmentOf,
  k8sFiles,
  type Manifest,
  manifest,
  manifests,
  podOf,
  PORTS,
  SERVICES,
  SYSTEM_URLS,
  SYSTEMS,
} from './manifests.ts';

const resources = (dir: string): string[] =>
  (manifest(path.join(dir, 'kustomization.yaml'), 'Kustomization') as unknown as { resources: string[] }).resources.map(
    (resource) => path.join(dir, resource),
  );
const sharedNames = Object.keys(manifest('config.yaml', 'ConfigMap').data ?? {});
const templates = manifests('secrets.template.yaml');
const HARDENED = { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } };
const NOT_ROOT = {
  runAsNonRoot: true,
  runAsUser: 1000,
  runAsGroup: 1000,
  seccompProfile: { type: 'RuntimeDefault' },
};

describe('Kubernetes manifests', () => {
  it('exist for every service of apps/, and for nothing else', () => {
    const folders = resources('.').filter((resource) => !resource.endsWith('.yaml'));
    expect(folders.sort()).toEqual([...SERVICES].sort());
  });

  it('are all reached from the kustomization, except the Secret templates', () => {
    const reached = resources('.').flatMap((resource) =>
      resource.endsWith('.yaml') ? [resource] : [path.join(resource, 'kustomization.yaml'), ...resources(resource)],
    );
    expect([...reached, 'kustomization.yaml', 'secrets.template.yaml'].sort()).toEqual(k8sFiles().sort());
  });

  it('name every image once, with a tag', () => {
    const { images } = manifest('kustomization.yaml', 'Kustomization') as unknown as {
      images: { name: string; newTag: string }[];
    };
    expect(images.map(({ name }) => name).sort()).toEqual([...SERVICES, 'deploy'].map((s) => `consent/${s}`).sort());
    for (const { newTag } of images) expect(newTag).toMatch(/^\d+\.\d+\.\d+$/);
  });

  it('hold no value of any Secret', () => {
    for (const template of templates) {
      expect(Object.values(template.stringData ?? {}).join('')).toBe('');
      expect(template.data).toBeUndefined();
    }
    for (const file of k8sFiles()) {
      const kinds = manifests(file).map(({ kind }) => kind);
      expect(kinds.includes('Secret')).toBe(file === 'secrets.template.yaml');
    }
  });

  it('let nothing in or out by default', () => {
    const [first] = manifests('network-policy.yaml');
    expect(first?.spec).toEqual({ podSelector: {}, policyTypes: ['Ingress', 'Egress'] });
  });
});

describe.each(SERVICES)('Kubernetes manifests of %s', (service) => {
  const deployment = manifest(`${service}/deployment.yaml`, 'Deployment');
  const pod = podOf(deployment);
  const [container] = pod.spec.containers;
  const port = PORTS[service];

  it('run its image on its port, with the environment of the contract', () => {
    expect(container.image).toBe(`consent/${service}`);
    expect(container.ports).toEqual([{ name: 'http', containerPort: port }]);
    const own = container.env ?? [];
    expect(own.find(({ name }) => name === 'PORT')?.value).toBe(String(port));
    expect(container.envFrom).toEqual([{ configMapRef: { name: 'consent-pipeline' } }]);
    expect([...sharedNames, ...own.map(({ name }) => name)].sort()).toEqual(environmentOf(service));
  });

  it('probe its start, its life and its readiness', () => {
    for (const [probe, route] of [
      ['startupProbe', '/startupz'],
      ['livenessProbe', '/livez'],
      ['readinessProbe', '/readyz'],
    ] as const)
      expect(container[probe]?.httpGet).toEqual({ path: route, port: 'http' });
  });

  it('give it time to finish a chunk, and limits that hold 150 MB resident', () => {
    expect(pod.spec.terminationGracePeriodSeconds).toBeGreaterThan(25);
    const { requests, limits } = container.resources;
    expect(requests['cpu']).toBeDefined();
    expect(limits['cpu']).toBeDefined();
    expect(parseInt(requests['memory'] ?? '', 10)).toBeGreaterThanOrEqual(150);
    expect(parseInt(limits['memory'] ?? '', 10)).toBeGreaterThan(parseInt(requests['memory'] ?? '', 10));
  });

  it('let Prometheus scrape it', () => {
    expect(pod.metadata.annotations).toEqual({
      'prometheus.io/scrape': 'true',
      'prometheus.io/port': String(port),
      'prometheus.io/path': '/metrics',
    });
  });

  it('reach its pods, and its pods alone, by Service and disruption budget', () => {
    const mine = { 'app.kubernetes.io/name': service, 'app.kubernetes.io/component': 'service' };
    expect(pod.metadata.labels).toEqual(mine);
    expect(manifest(`${service}/service.yaml`, 'Service').spec).toMatchObject({
      selector: mine,
      ports: [{ name: 'http', port, targetPort: 'http' }],
    });
    const budget = manifest(`${service}/pod-disruption-budget.yaml`, 'PodDisruptionBudget').spec;
    expect(budget).toEqual({ maxUnavailable: 1, selector: { matchLabels: mine } });
  });

  it('migrate as the owner in a job of its own, of which the service knows nothing', () => {
    const job = podOf(manifest(`${service}/migrate-job.yaml`, 'Job')).spec.containers[0];
    expect(job).toMatchObject({ image: container.image, command: ['node', 'dist/migrate.js'] });
    expect(job.env).toEqual([
      { name: 'APP_ROLE', value: `${databaseOf(service)}_app` },
      secretVariable('MIGRATION_DATABASE_URL', `${service}-migration`),
    ]);
    expect(JSON.stringify(deployment)).not.toContain('migration');
  });

  it('take secrets from Secrets that have a template', () => {
    const workloads = [deployment, manifest(`${service}/migrate-job.yaml`, 'Job')];
    for (const { name, key } of workloads.flatMap(secretKeys)) {
      const template = templates.find(({ metadata }) => metadata.name === name);
      expect(Object.keys(template?.stringData ?? {})).toContain(key);
    }
    const wanted = secretVariable('DATABASE_URL', service);
    expect(container.env).toContainEqual(wanted);
  });
});

describe.each([
  ...SERVICES.map((s) => `${s}/deployment.yaml`),
  ...SERVICES.map((s) => `${s}/migrate-job.yaml`),
  'deploy-job.yaml',
])('Pods of %s', (file) => {
  const { spec } = podOf(manifests(file)[0] as Manifest);

  it('run without root, on a read-only file system, without a token of the cluster', () => {
    expect(spec.securityContext).toMatchObject(NOT_ROOT);
    expect(spec.automountServiceAccountToken).toBe(false);
    expect(spec.containers[0].securityContext).toEqual(HARDENED);
  });
});

describe('The consent-service, which asks the systems for their rules,', () => {
  const policy = (name: string): PolicySpec =>
    manifests('network-policy.yaml').find(({ metadata }) => metadata.name === name)?.spec as unknown as PolicySpec;

  it('knows where every system answers', () => {
    const { env } = podOf(manifest('consent-service/deployment.yaml', 'Deployment')).spec.containers[0];
    const urls = env?.find(({ name }) => name === 'SYSTEM_URLS')?.value;
    expect(JSON.parse(urls ?? '')).toEqual(SYSTEM_URLS);
  });

  it('is let in by every system', () => {
    expect(namesIn(policy('consent-service-to-systems').podSelector)).toEqual([...SYSTEMS].sort());
  });

  it('is let out to every system and its port', () => {
    const [{ to, ports }] = policy('consent-service-egress').egress;
    expect(namesIn(to[0].podSelector)).toEqual([...SYSTEMS].sort());
    expect(ports.map(({ port }) => port).sort()).toEqual(SYSTEMS.map((system) => PORTS[system]).sort());
  });
});

describe('Operators of parked decisions', () => {
  it.each(SYSTEMS)('need a token at %s', (system) => {
    const { env } = podOf(manifest(`${system}/deployment.yaml`, 'Deployment')).spec.containers[0];
    expect(env).toContainEqual(secretVariable('OPS_TOKEN_SHA256', 'ops-token'));
  });
});

interface Selector {
  matchExpressions: { key: string; values: string[] }[];
}
interface PolicySpec {
  podSelector: Selector;
  egress: [{ to: [{ podSelector: Selector }]; ports: { port: number }[] }];
}

/** The pods that the selector takes by name, sorted. */
function namesIn({ matchExpressions }: Selector): string[] {
  return matchExpressions.find(({ key }) => key === 'app.kubernetes.io/name')?.values.sort() ?? [];
}

function secretVariable(name: string, secret: string) {
  return { name, valueFrom: { secretKeyRef: { name: secret, key: name } } };
}

function secretKeys(workload: Manifest): { name: string; key: string }[] {
  const { containers, volumes = [] } = podOf(workload).spec;
  const variables = (containers[0].env ?? []).flatMap(({ valueFrom }) => (valueFrom ? [valueFrom.secretKeyRef] : []));
  const files = volumes.flatMap(({ secret }) => (secret ? [{ name: secret.secretName, key: 'callers.json' }] : []));
  return [...variables, ...files];
}
