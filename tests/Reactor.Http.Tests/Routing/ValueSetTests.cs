// Which values a constraint has, and how the sets of two constraints relate.
using System.Globalization;
using Reactor.Http.Routing;
using Reactor.Testing;

namespace Reactor.Http.Tests.Routing;

public sealed class ValueSetTests
{
    private const string Guid = "01234567-89ab-CDEF-0123-456789abcdef";

    private static ValueSet? Set(string constraints)
    {
        ValueSet? set = ValueSet.All;
        foreach (string one in constraints.Split(':'))
        {
            set = set?.Intersect(ValueConstraint.Parse(one, out string why)
                ?? throw new ArgumentException(why));
        }

        return set;
    }

    [TestCase("int", "0", true)]
    [TestCase("int", "7", true)]
    [TestCase("int", "-7", true)]
    [TestCase("int", "2147483647", true)]
    [TestCase("int", "2147483648", false)]
    [TestCase("int", "-2147483648", true)]
    [TestCase("int", "-2147483649", false)]
    [TestCase("int", "-0", false)]
    [TestCase("int", "+7", false)]
    [TestCase("int", "07", false)]
    [TestCase("int", "00", false)]
    [TestCase("int", " 7", false)]
    [TestCase("int", "7 ", false)]
    [TestCase("int", "-", false)]
    [TestCase("int", "--7", false)]
    [TestCase("int", "7.0", false)]
    [TestCase("int", "1,000", false)]
    [TestCase("int", "0x7", false)]
    [TestCase("int", "1e3", false)]
    [TestCase("int", "7\0", false)]
    [TestCase("int", "\u0667", false)] // an Arabic digit
    [TestCase("int", "99999999999999999999999999", false)]
    [TestCase("long", "9223372036854775807", true)]
    [TestCase("long", "9223372036854775808", false)]
    [TestCase("long", "-9223372036854775808", true)]
    [TestCase("long", "-9223372036854775809", false)]
    [TestCase("range(-5,5)", "-5", true)]
    [TestCase("range(-5,5)", "-6", false)]
    [TestCase("range(-5,5)", "5", true)]
    [TestCase("range(-5,5)", "6", false)]
    [TestCase("range(3,3)", "3", true)]
    [TestCase("range(3,3)", "2", false)]
    [TestCase("guid", Guid, true)]
    [TestCase("guid", "0123456789abcdef0123456789abcdef", false)]
    [TestCase("guid", "{01234567-89ab-cdef-0123-456789abcdef}", false)]
    [TestCase("guid", "01234567-89ab-cdef-0123-456789abcdeg", false)]
    [TestCase("guid", "012345678-9ab-cdef-0123-456789abcdef", false)]
    [TestCase("guid", Guid + "0", false)]
    [TestCase("alpha", "aZ", true)]
    [TestCase("alpha", "a1", false)]
    [TestCase("alpha", "\u00E9", false)]
    [TestCase("alpha", "a-b", false)]
    [TestCase("len(2,3)", "a", false)]
    [TestCase("len(2,3)", "ab", true)]
    [TestCase("len(2,3)", "abc", true)]
    [TestCase("len(2,3)", "abcd", false)]
    [TestCase("len(2,3)", "\u00E9\u00E9", true)]
    [TestCase("len(2,3)", "\U0001F600", true)] // string.Length is 2
    [TestCase("int:len(2,2)", "42", true)]
    [TestCase("int:len(2,2)", "-4", true)]
    [TestCase("int:len(2,2)", "4", false)]
    [TestCase("int:len(2,2)", "-42", false)]
    [TestCase("alpha:len(1,2)", "abc", false)]
    public void A_constraint_has_these_values(string constraints, string value, bool isIn) =>
        Assert.That(Set(constraints)!.Contains(value), Is.EqualTo(isIn));

    [TestCase("int", "long", ValueRelation.Subset)]
    [TestCase("range(1,5)", "int", ValueRelation.Subset)]
    [TestCase("range(1,5)", "range(5,9)", ValueRelation.Overlap)]
    [TestCase("range(1,5)", "range(6,9)", ValueRelation.Disjoint)]
    [TestCase("range(-2147483648,2147483647)", "int", ValueRelation.Same)]
    [TestCase("len(3,4)", "len(2,8)", ValueRelation.Subset)]
    [TestCase("len(2,4)", "len(4,8)", ValueRelation.Overlap)]
    [TestCase("len(2,3)", "len(4,8)", ValueRelation.Disjoint)]
    [TestCase("alpha", "len(2,8)", ValueRelation.Overlap)]
    [TestCase("alpha:len(3,4)", "len(2,8)", ValueRelation.Subset)]
    [TestCase("alpha", "int", ValueRelation.Disjoint)]
    [TestCase("alpha", "guid", ValueRelation.Disjoint)]
    [TestCase("guid", "long", ValueRelation.Disjoint)]
    [TestCase("guid", "len(36,36)", ValueRelation.Subset)]
    [TestCase("guid", "len(1,35)", ValueRelation.Disjoint)]
    [TestCase("int", "len(1,11)", ValueRelation.Subset)]
    [TestCase("int", "len(1,10)", ValueRelation.Overlap)]
    [TestCase("int", "len(12,20)", ValueRelation.Disjoint)]
    [TestCase("long", "len(1,20)", ValueRelation.Subset)]
    [TestCase("long", "len(1,19)", ValueRelation.Overlap)]
    [TestCase("long", "len(20,20)", ValueRelation.Overlap)]
    [TestCase("long", "len(21,30)", ValueRelation.Disjoint)]
    [TestCase("range(10,99)", "len(2,2)", ValueRelation.Subset)]
    [TestCase("range(10,100)", "len(2,2)", ValueRelation.Overlap)]
    [TestCase("range(-9,99)", "int:len(1,2)", ValueRelation.Same)]
    [TestCase("range(0,9)", "int:len(1,1)", ValueRelation.Same)]
    public void Two_constraints_relate_so(string one, string other, object relation)
    {
        Assert.That(Set(one)!.RelationTo(Set(other)!), Is.EqualTo(relation));
        Assert.That(Set(other)!.RelationTo(Set(one)!), Is.EqualTo((ValueRelation)relation switch
        {
            ValueRelation.Subset => ValueRelation.Superset,
            ValueRelation other2 => other2,
        }));
    }

    // Every set of these bounds is told from every other by some value of the list.
    [Test]
    public void A_relation_is_what_the_values_of_two_sets_say()
    {
        string[] values =
        [
            .. Enumerable.Range(-120, 241).Select(i => i.ToString(CultureInfo.InvariantCulture)),
            .. Enumerable.Range(3, 18).SelectMany(digits => new[] { "1", "-1" }.Select(
                first => first.PadRight(digits, '0'))),
            .. Enumerable.Range(1, 38).Select(i => new string('a', i)),
            .. Enumerable.Range(1, 38).Select(i => new string('.', i)),
            "2147483647", "2147483648", "-2147483648", "-2147483649", Guid,
            "9223372036854775807", "-9223372036854775808",
        ];
        Random random = TestSeed.NewRandom();
        for (int i = 0; i < 2_000; i++)
        {
            (string one, string other) = (RandomSet(random), RandomSet(random));
            if (Set(one) is not { } a || Set(other) is not { } b)
            {
                continue;
            }

            bool[] inA = [.. values.Select(value => IsIn(one, value))];
            bool[] inB = [.. values.Select(value => IsIn(other, value))];
            Assert.That(values.Select(value => a.Contains(value)), Is.EqualTo(inA), one);
            bool common = inA.Zip(inB).Any(pair => pair.First && pair.Second);
            bool onlyA = inA.Zip(inB).Any(pair => pair.First && !pair.Second);
            bool onlyB = inA.Zip(inB).Any(pair => !pair.First && pair.Second);
            Assert.That(a.RelationTo(b), Is.EqualTo((common, onlyA, onlyB) switch
            {
                (false, _, _) => ValueRelation.Disjoint,
                (_, false, false) => ValueRelation.Same,
                (_, false, true) => ValueRelation.Subset,
                (_, true, false) => ValueRelation.Superset,
                _ => ValueRelation.Overlap,
            }), $"{one} and {other}");
            Assert.That(IsIn(one, a.Example()), $"{one}: {a.Example()}");
        }
    }

    private static string RandomSet(Random random) => string.Join(
        ':', Enumerable.Range(0, random.Next(1, 3)).Select(_ => RandomConstraint(random)));

    private static string RandomConstraint(Random random)
    {
        int[] bounds = [random.Next(-110, 110), random.Next(-110, 110)];
        int[] lengths = [random.Next(1, 6), random.Next(1, 38)];
        Array.Sort(bounds);
        Array.Sort(lengths);
        return random.Next(6) switch
        {
            0 => "int",
            1 => "long",
            2 => "guid",
            3 => "alpha",
            4 => $"range({bounds[0]},{bounds[1]})",
            _ => $"len({lengths[0]},{lengths[1]})",
        };
    }

    // The constraints as the page of the routes defines them, one by one.
    private static bool IsIn(string constraints, string value) =>
        constraints.Split(':').All(constraint => IsInOne(constraint, value));

    private static bool IsInOne(string constraint, string value)
    {
        string[] bounds = constraint.TrimEnd(')').Split('(', ',');
        bool isNumber = decimal.TryParse(
            value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out decimal number)
            && number.ToString(CultureInfo.InvariantCulture) == value;
        return bounds[0] switch
        {
            "int" => isNumber && number is >= int.MinValue and <= int.MaxValue,
            "long" => isNumber && number is >= long.MinValue and <= long.MaxValue,
            "guid" => System.Guid.TryParseExact(value, "D", out _),
            "alpha" => value.All(char.IsAsciiLetter),
            "range" => isNumber && number >= Number(bounds[1]) && number <= Number(bounds[2]),
            _ => value.Length >= Number(bounds[1]) && value.Length <= Number(bounds[2]),
        };
    }

    private static decimal Number(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);
}
