// `fuzz`: feeds the parser of requests with damaged ones and demands what must hold for any input.
//
// Exit codes: 0 nothing found; 1 a finding, which is written to a file; 2 wrong usage.
using System.CommandLine;
using Reactor.Fuzz;

var seconds = new Option<double>("--seconds")
{
    Description = "How long to run; 60 when neither this nor --inputs is given.",
};
var inputs = new Option<long>("--inputs")
{
    Description = "How many inputs to try at most.",
    DefaultValueFactory = _ => long.MaxValue,
};
var seed = new Option<long>("--seed")
{
    Description = "The seed of the run; a new one by default, printed in any case.",
    DefaultValueFactory = _ => Random.Shared.Next(),
};
var first = new Option<long>("--first")
{
    Description = "The number of the first input: a finding is run again with it.",
};
var command = new RootCommand("Damages requests and feeds them to the parser.")
{
    seconds, inputs, seed, first,
};
command.SetAction(parsed =>
{
    long count = parsed.GetValue(inputs);
    double limit = parsed.GetValue(seconds);
    var time = limit > 0 ? TimeSpan.FromSeconds(limit)
        : count == long.MaxValue ? TimeSpan.FromSeconds(60) : TimeSpan.MaxValue;
    var run = new FuzzRun(parsed.GetValue(seed), parsed.GetValue(first), Console.Out);
    return run.Run(count, time) ? 0 : 1;
});
ParseResult result = command.Parse(args);
return result.Errors.Count > 0 ? Math.Max(2, result.Invoke()) : result.Invoke();
