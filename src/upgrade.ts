import { readConfig } from './config';
import { runProgram, UsageError } from './program';
import { connectToRunningTemporal } from './temporal/connection';
import { installRuntime } from './temporal/runtime';
import {
  countPinned,
  describeDeployment,
  promoteBuild,
  type DeploymentPlace,
} from './temporal/worker-deployment';
import { readBuildId } from './worker/bundles';

const USAGE = 'usage: npm run upgrade -- status | promote [build]';

/** Shows which build of the deployment gets the executions, and decides it. */
void runProgram(async ({ print }) => {
  const [command, build = readBuildId(), ...others] = process.argv.slice(2);
  if (others.length > 0 || !(command === 'status' || command === 'promote')) throw new UsageError(USAGE);
  const { temporal, deploymentName } = readConfig();
  if (deploymentName === undefined) throw new UsageError('DEPLOYMENT_NAME is not set: nothing is versioned');
  installRuntime('ERROR');
  const { connection, namespace } = await connectToRunningTemporal(temporal);
  const place = { connection, namespace, deploymentName };
  if (command === 'promote') {
    await promoteBuild(place, build);
    print(`Build ${build} is current.`);
  }
  for (const line of await statusOf(place)) print(line);
  return 0;
});

/** A line for each build, and when an old one may be stopped. */
async function statusOf(place: DeploymentPlace): Promise<string[]> {
  const deployment = await describeDeployment(place);
  if (deployment === undefined) return [`Deployment ${place.deploymentName}: no worker was there yet.`];
  const lines = [...deployment.statuses].map(async ([buildId, status]) => {
    const own = buildId === readBuildId() ? ', this build' : '';
    const pinned = await countPinned(place, buildId);
    return `  ${buildId}  ${status}${own}; running workflows pinned to it: ${pinned}`;
  });
  return [`Deployment ${place.deploymentName}:`, ...(await Promise.all(lines))];
}
