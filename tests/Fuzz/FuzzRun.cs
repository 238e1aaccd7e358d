// One run: input after input until the time or the number is reached, or one is found that breaks a
// rule. That one is written to a file, with the command that makes it again.
using System.Diagnostics;
using System.Globalization;
using Reactor.Testing;

namespace Reactor.Fuzz;

/// <summary>A run of the fuzzer.</summary>
public sealed class FuzzRun(long seed, long first, TextWriter output)
{
    private const int InputsPerLook = 1024;
    private static readonly TimeSpan s_progressEvery = TimeSpan.FromSeconds(10);

    private readonly FuzzRandom _random = new();

    /// <summary>Runs.</summary>
    /// <param name="inputs">How many at most.</param>
    /// <param name="time">How long at most, looked at from time to time.</param>
    /// <returns>Whether nothing was found.</returns>
    public bool Run(long inputs, TimeSpan time)
    {
        var mutator = new Mutator(_random);
        var check = new InputCheck(_random, new WireParser());
        long start = Stopwatch.GetTimestamp();
        TimeSpan next = s_progressEvery;
        output.WriteLine($"seed {seed}");
        long tried = 0;
        for (; tried < inputs; tried++)
        {
            if (tried % InputsPerLook == 0)
            {
                TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
                if (elapsed >= time)
                {
                    break;
                }

                if (elapsed >= next)
                {
                    Tell(tried, elapsed);
                    next += s_progressEvery;
                }
            }

            _random.Begin(seed, first + tried);
            byte[] octets = mutator.Make();
            if (check.Objection(octets) is { } objection)
            {
                Write(octets, first + tried, objection);
                return false;
            }
        }

        Tell(tried, Stopwatch.GetElapsedTime(start));
        output.WriteLine("nothing found");
        return true;
    }

    private void Tell(long tried, TimeSpan elapsed) => output.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{tried} inputs in {elapsed.TotalSeconds:F0} s, seed {seed}"));

    private void Write(byte[] octets, long input, string objection)
    {
        string file = Path.GetFullPath($"fuzz-{seed}-{input}.bin");
        File.WriteAllBytes(file, octets);
        output.WriteLine($"input {input} of seed {seed}: {objection}");
        output.WriteLine($"written to {file}; again with");
        output.WriteLine(
            $"  dotnet run -c Release --project tests/Fuzz -- --seed {seed} --first {input}"
            + " --inputs 1");
    }
}
