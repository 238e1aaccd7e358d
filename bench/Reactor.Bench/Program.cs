// Four things in one program. `compare` sets our server beside others, and bench/run calls it;
// `loops` does so with our loop; `sleepers` shows what a million coroutines asleep cost; everything
// else goes to BenchmarkDotNet: `--filter '*'` runs all micro-benchmarks, `--list flat` names them.
using System.CommandLine;
using BenchmarkDotNet.Running;
using Reactor.Bench;
using Reactor.Bench.Comparison;
using Reactor.Bench.Servers;

var rounds = new Option<int>("--rounds")
{
    Description = "How often each contestant runs; the median is shown.",
    DefaultValueFactory = _ => 3,
};
var loops = new Command("loops", "Our loop beside asyncio, uvloop, Node, tokio, Go and Task.")
{
    rounds,
};
loops.SetAction(parsed => LoopComparison.Run(parsed.GetValue(rounds)));

var sleepers = new Command("sleepers", "A million sleeping coroutines beside ten thousand.");
sleepers.SetAction(_ => Sleepers.Print());

var whose = new Argument<string>("whose") { Description = "loop or task" };
whose.AcceptOnlyFromAmong("loop", "task");
var measure = new Command("measure", "One contestant of `loops`, as lines of text.") { whose };
measure.SetAction(parsed =>
{
    using IOperations operations =
        parsed.GetValue(whose) == "loop" ? new LoopOperations() : new PumpOperations();
    Measuring.Print(operations);
});

if (args.Length > 0 && args[0] is not ("compare" or "loops" or "sleepers" or "measure"))
{
    BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
    return 0;
}

var root = new RootCommand("The project's benchmarks; any other arguments go to BenchmarkDotNet.")
{
    new CompareCommand(), loops, sleepers, measure,
};
return root.Parse(args.Length == 0 ? ["--help"] : args).Invoke();
