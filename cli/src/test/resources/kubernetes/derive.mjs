// Makes schemas.json: JSON Schemas of the kinds in deploy/kubernetes, strict about field names, out of the type
// declarations in two npm packages. Their names and versions are in README.md.
//   node derive.mjs FOLDER_OF_CLIENT_NODE FOLDER_OF_KEDA > schemas.json
import { readFileSync, readdirSync } from 'node:fs';

const [kubernetes, keda] = process.argv.slice(2);
const models = `${kubernetes}/dist/gen/models`;
const kedaModels = `${keda}/keda.sh/v1alpha1`;
const KEDA_TYPE = /^IComGithubKedacoreKedaV2ApisKedaV1alpha1(\w+)$/;
const API_TYPE = /^IIoK8sApi(?:\w*?)(V\d\w*?)([A-Z]\w*)$/;
const QUANTITY = '^[+-]?[0-9]+(\\.[0-9]*)?([KMGTPE]i|[numkMGTPE]|[eE][+-]?[0-9]+)?$';
const QUANTITIES = new Set(['limits', 'requests', 'capacity', 'sizeLimit', 'storage']);
// Sets of words that the declarations call string.
const WORDS = {
  'V1Container.imagePullPolicy': ['Always', 'IfNotPresent', 'Never'],
  'V1PodSpec.restartPolicy': ['Always', 'OnFailure', 'Never'],
  'V1StatefulSetSpec.podManagementPolicy': ['OrderedReady', 'Parallel'],
  'V1SeccompProfile.type': ['RuntimeDefault', 'Localhost', 'Unconfined'],
  'V1Toleration.effect': ['NoSchedule', 'PreferNoSchedule', 'NoExecute'],
  'V1Toleration.operator': ['Exists', 'Equal', 'Lt', 'Gt'],
  'V1TopologySpreadConstraint.whenUnsatisfiable': ['DoNotSchedule', 'ScheduleAnyway'],
  'V1PodDisruptionBudgetSpec.unhealthyPodEvictionPolicy': ['IfHealthyBudget', 'AlwaysAllow'],
};

const definitions = {};
const reference = (name) => ({ $ref: `#/definitions/${name}` });

function schema(type, field) {
  const text = type.trim();
  let found;
  if ((found = /^Array<(.*)>$/s.exec(text))) return { type: 'array', items: schema(found[1], field) };
  if ((found = /^\{\s*\[key: string\]: (.*?);?\s*\}$/s.exec(text)))
    return { type: 'object', additionalProperties: schema(found[1], field) };
  if ((found = /^"(.*)"$/.exec(text))) return { const: found[1] };
  if (text === 'IntOrString') return { type: ['integer', 'string'] };
  if (text === 'string' && QUANTITIES.has(field)) return { type: ['string', 'number'], pattern: QUANTITY };
  if (text === 'string' || text === 'boolean') return { type: text };
  if (text === 'number') return { type: 'integer' };
  if (text === 'Date' || /Time$/.test(text)) return { type: 'string' };
  if (text === 'any') return {};
  if ((found = KEDA_TYPE.exec(text))) return define(`Keda${found[1]}`);
  if (text.endsWith('ObjectMeta')) return define('V1ObjectMeta');
  if ((found = API_TYPE.exec(text))) return define(found[1] + found[2]);
  return define(text);
}

function define(name) {
  if (!(name in definitions)) {
    definitions[name] = {};
    const isKeda = name.startsWith('Keda');
    const file = isKeda ? `${kedaModels}/${name.slice(4)}.d.ts` : `${models}/${name}.d.ts`;
    const source = readFileSync(file, 'utf8').replace(/\/\*.*?\*\//gs, '').replace(/^\s*\n/gm, '');
    const body = isKeda
      ? /^export interface \w+(?: extends \w+)? \{\n(.*?)^\}/ms.exec(source)?.[1]
      : /^export declare class \w+ \{\n(.*?)^    static /ms.exec(source)?.[1];
    if (body === undefined) definitions[name] = { type: 'string' }; // an alias of string
    else {
      const properties = {};
      const required = [];
      for (const [, field, optional, type] of body.matchAll(/^    ["']([\w$-]+)["'](\??): (.*?);\n(?=    ["']|(?![^]))/gms)) {
        if (field === 'status') continue; // what the cluster writes
        const words = WORDS[`${name}.${field}`];
        const known = field.replace(/^_/, '');
        properties[known] = words ? { enum: words } : schema(type, field);
        if (!optional) required.push(known);
      }
      definitions[name] = { type: 'object', properties, additionalProperties: false };
      if (required.length) definitions[name].required = required;
    }
  }
  return reference(name);
}

const kinds = {
  'v1/Service': 'V1Service',
  'v1/ConfigMap': 'V1ConfigMap',
  'v1/PersistentVolumeClaim': 'V1PersistentVolumeClaim',
  'apps/v1/StatefulSet': 'V1StatefulSet',
  'networking.k8s.io/v1/NetworkPolicy': 'V1NetworkPolicy',
  'policy/v1/PodDisruptionBudget': 'V1PodDisruptionBudget',
  'keda.sh/v1alpha1/ScaledObject': 'KedaScaledObject',
  'keda.sh/v1alpha1/TriggerAuthentication': 'KedaTriggerAuthentication',
};
for (const name of Object.values(kinds)) define(name);
if (!readdirSync(kedaModels).length) throw new Error(`${kedaModels} is empty`);
const lines = Object.keys(definitions)
  .sort()
  .map((name) => `    ${JSON.stringify(name)}: ${JSON.stringify(definitions[name])}`);
process.stdout.write(`{
  "$schema": "http://json-schema.org/draft-07/schema#",
  "kinds": ${JSON.stringify(kinds)},
  "definitions": {
${lines.join(',\n')}
  }
}
`);
