// The micro-benchmarks. `dotnet run -c Release --project bench/Reactor.Bench -- --filter '*'` runs
// them all, `--list flat` names them. What a whole request costs beside other servers is measured
// from outside, see bench/README.md.
using BenchmarkDotNet.Running;

BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
