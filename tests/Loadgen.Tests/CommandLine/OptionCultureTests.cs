using System.Globalization;
using Reactor.Tools.Loadgen;

namespace Loadgen.Tests;

/// <summary>What is read and written depends on no culture of the user.</summary>
public class OptionCultureTests
{
    private static readonly string[] s_words =
    [
        "http://127.0.0.1:8080/", "-R", "1.5k", "-d", "2.5s", "-w", "0.5", "-n", "1.5k",
        "--percentiles", "50,99.9", "--seed", "7", "--stage", "1.5s:2.5k", "--dry-run",
        "--threshold", "http_req_duration:p(99)<1.5ms",
    ];

    // ICU is not needed: a culture may be made by hand, with another separator and another minus.
    private static CultureInfo Foreign()
    {
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        culture.NumberFormat.NumberDecimalSeparator = ",";
        culture.NumberFormat.NumberGroupSeparator = ".";
        culture.NumberFormat.NegativeSign = "\u2212";
        culture.DateTimeFormat.TimeSeparator = ".";
        return culture;
    }

    [Test]
    public void A_plan_is_the_same_in_every_culture()
    {
        string[] words = [.. s_words.Where(word => word is not ("-d" or "2.5s"))];
        string expected = DryRun.Format(PlanWords.ReadAll(words));
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = Foreign();
            Assert.That(1.5.ToString("F1", null), Is.EqualTo("1,5"), "the culture is in use");

            Assert.That(DryRun.Format(PlanWords.ReadAll(words)), Is.EqualTo(expected));
            Assert.That(
                PlanWords.Refuse("http://127.0.0.1/", "-d", "1,5s"), Does.Contain("not '1,5s'"));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }

        Assert.That(expected, Does.Contain("1500/s, to 2500/s in 1500ms, uniform"));
    }
}
