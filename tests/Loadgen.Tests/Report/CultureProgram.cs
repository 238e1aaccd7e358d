// The entry point of this assembly, for CultureTests only: test runners do not call it. Prints the
// current culture's decimal separator in the first line, and then every report of some results.
using System.Globalization;
using System.Text;
using Reactor.Tools.Loadgen;

namespace Loadgen.Tests.Report;

internal static class CultureProgram
{
    public static void Main()
    {
        using Stream output = Console.OpenStandardOutput();
        output.Write(Encoding.UTF8.GetBytes(
            CultureInfo.CurrentCulture.NumberFormat.NumberDecimalSeparator + "\n" + Reports()));
    }

    /// <summary>Every report of some results.</summary>
    public static string Reports() => string.Concat(Enumerable.Range(1, 3).SelectMany(seed =>
    {
        LoadResult result = Results.Of(seed);
        var run = new SavedRun(Results.Saved(result), result);
        return SavedRun.Kinds.Select(run.Render);
    }));
}
