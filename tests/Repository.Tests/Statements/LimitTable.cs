// A page that tells limits names the option of each and its default. The option must be one that
// users can set, and the default the one that it has.

using System.Globalization;
using System.Reflection;

namespace Repository.Tests.Statements;

public static class LimitTable
{
    /// <param name="path">Of the page, for what is found.</param>
    /// <param name="rows">Limit, default, answer, and the option as `Type.Property`.</param>
    /// <param name="objects">One object with its defaults for each type that is named.</param>
    public static IEnumerable<Finding> Check(
        string path, IEnumerable<TableRow> rows, params object[] objects)
    {
        foreach (TableRow row in rows)
        {
            if (row.Cells.Count != 4 || row.Names.ToArray() is not [string option])
            {
                yield return new Finding(
                    path, row.Line, "a limit has four cells, and one option in the last");
                continue;
            }

            string[] words = option.Split('.');
            object? owner = objects.FirstOrDefault(one => one.GetType().Name == words[0]);
            if (words.Length != 2 || owner?.GetType().GetProperty(words[1]) is not { } property)
            {
                yield return new Finding(path, row.Line, $"{option} is no public option");
                continue;
            }

            string expected = Say(property.GetValue(owner));
            if (row.Cells[1] != expected
                && !row.Cells[1].StartsWith(expected + " ", StringComparison.Ordinal))
            {
                yield return new Finding(
                    path, row.Line, $"the default of {option} is {expected}: begin with that");
            }
        }
    }

    /// <summary>The options of types that are a number or a duration.</summary>
    public static IEnumerable<string> Bounds(params Type[] types) =>
        from type in types
        from property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
        let value = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType
        where value == typeof(int) || value == typeof(long) || value == typeof(TimeSpan)
        select $"{type.Name}.{property.Name}";

    /// <summary>A default as the page says it.</summary>
    public static string Say(object? value) => value switch
    {
        null => "none",
        true => "on",
        false => "off",
        TimeSpan time => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds} s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{value}"),
    };
}
