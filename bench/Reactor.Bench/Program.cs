// Six things in one program. `compare` sets our server beside others, and bench/run calls it;
// `loops` does so with our loop, `parsers` with our request parser; `sleepers` shows what a million
// sleeping coroutines cost, `upload` what a large upload does to memory and lag. Everything else
// goes to BenchmarkDotNet: `--filter '*'` runs all micro-benchmarks, `--list flat` names them.
using System.CommandLine;
using BenchmarkDotNet.Running;
using Reactor.Bench;
using Reactor.Bench.Comparison;
using Reactor.Bench.Servers;
using Reactor.Tools;

var rounds = new Option<int>("--rounds")
{
    Description = "Runs of each contestant, 1 to 100; the median is shown.",
    HelpName = "NUMBER",
    DefaultValueFactory = _ => 3,
    CustomParser = OptionValues.Whole(1, 100),
};
var loops = new Command("loops", "Our loop beside asyncio, uvloop, Node, tokio, Go and Task.")
{
    rounds,
};
loops.SetAction(result => LoopComparison.Run(result.GetValue(rounds)));

var sleepers = new Command("sleepers", "A million sleeping coroutines beside ten thousand.");
sleepers.SetAction(_ => Sleepers.Print());

var parserRounds = new Option<int>("--rounds")
{
    Description = "Turns of each parser, 1 to 100; the lowest figure is shown.",
    HelpName = "NUMBER",
    DefaultValueFactory = _ => 5,
    CustomParser = OptionValues.Whole(1, 100),
};
var parsers = new Command("parsers", "Our request parser beside picohttpparser and llhttp.")
{
    parserRounds,
};
parsers.SetAction((result, stop) =>
    ParserComparison.RunAsync(result.GetValue(parserRounds), stop));

string[] own =
[
    "compare", "loops", "parsers", "sleepers", "upload", "measure", HeadersServer.CommandName,
    "--help", "-h",
];
if (args is [var first, ..] && !own.Contains(first))
{
    BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
    return 0;
}

Command root = args is ["compare", ..]
    ? new CompareCommand()
    : new RootCommand(
        "The project's benchmarks; bench/run compares servers. Any other arguments go to "
            + "BenchmarkDotNet: --list flat, --filter '*LoopBenchmarks*'.")
    {
        loops, parsers, sleepers, Uploads.MakeCommand(), MakeMeasure(), HeadersServer.MakeCommand(),
    };
string[] rest = args switch { [] => ["--help"], ["compare", .. var after] => after, _ => args };
ParseResult parsed = root.Parse(rest);
if (parsed.Errors.Count > 0)
{
    Console.Error.WriteLine($"{root.Name}: {OptionValues.FirstError(parsed)} Try --help.");
    return 2;
}

return parsed.Invoke();

// The command that `loops` starts for each contestant of .NET.
static Command MakeMeasure()
{
    var whose = new Argument<string>("whose") { Description = "Contestant: loop or task." };
    whose.AcceptOnlyFromAmong("loop", "task");
    var measure = new Command("measure", "One contestant of `loops`, as lines of text.") { whose };
    measure.SetAction(result =>
    {
        using IOperations operations =
            result.GetValue(whose) == "loop" ? new LoopOperations() : new PumpOperations();
        Measuring.Print(operations);
    });
    return measure;
}
