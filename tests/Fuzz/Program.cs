// `fuzz`: feeds the parser of requests with damaged ones and demands what must hold for any input.
//
// Exit codes: 0 nothing found; 1 a finding, which is written to a file; 2 wrong usage.
using System.CommandLine;
using Reactor.Fuzz;
using Reactor.Tools;

var seconds = new Option<double>("--seconds")
{
    Description = "Length of the run, up to a week. [default: 60, without --inputs]",
    HelpName = "NUMBER",
    CustomParser = OptionValues.Positive(7 * 24 * 3600),
};
var inputs = new Option<long?>("--inputs")
{
    Description = "Maximum number of inputs. [default: no limit]",
    HelpName = "NUMBER",
    CustomParser = OptionValues.WholeOrNone(1L, long.MaxValue),
};
var seed = new Option<long?>("--seed")
{
    Description = "Seed of the run. [default: a new one, which is printed]",
    HelpName = "NUMBER",
    CustomParser = OptionValues.WholeOrNone(0L, long.MaxValue),
};
var first = new Option<long>("--first")
{
    Description = "Number of the first input, to repeat a finding. [default: 0]",
    HelpName = "NUMBER",
    CustomParser = OptionValues.Whole(0L, long.MaxValue),
};
var command = new RootCommand(
    "Feeds damaged HTTP requests to the parser and checks what must hold for any input.")
{
    seconds, inputs, seed, first,
};
command.SetAction(parsed =>
{
    long count = parsed.GetValue(inputs) ?? long.MaxValue;
    double limit = parsed.GetValue(seconds);
    var time = limit > 0 ? TimeSpan.FromSeconds(limit)
        : count == long.MaxValue ? TimeSpan.FromSeconds(60) : TimeSpan.MaxValue;
    long number = parsed.GetValue(seed) ?? Random.Shared.Next();
    var run = new FuzzRun(number, parsed.GetValue(first), Console.Out);
    return run.Run(count, time) ? 0 : 1;
});
ParseResult result = command.Parse(args);
if (result.Errors.Count > 0)
{
    Console.Error.WriteLine($"fuzz: {OptionValues.FirstError(result)} Try --help.");
    return 2;
}

return result.Invoke();
