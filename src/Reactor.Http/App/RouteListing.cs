using System.Globalization;

namespace Reactor.Http;

/// <summary>Writes the routes of an application as text, for its user.</summary>
public static class RouteListing
{
    private static readonly string[] s_titles =
        ["Method", "Host", "Pattern", "Name", "Options", "Metadata"];

    /// <summary>
    /// Writes a table of all routes that are served, those of mounted applications too, in the
    /// order of <see cref="Application.Routes"/>. A column without content is left out. Any thread,
    /// while the application does not change.
    /// </summary>
    /// <param name="writer">Where the lines go, such as <c>Console.Out</c>.</param>
    /// <param name="application">The application; it need not be served.</param>
    public static void Write(TextWriter writer, Application application)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(application);
        string[][] rows = [.. application.Routes.Select(Row)];
        if (rows.Length == 0)
        {
            writer.WriteLine("No routes.");
            return;
        }

        int[] columns =
        [
            .. Enumerable.Range(0, s_titles.Length).Where(
                column => Array.Exists(rows, row => row[column].Length > 0)),
        ];
        int[] widths =
        [
            .. columns.Select(column => rows.Append(s_titles).Max(row => row[column].Length)),
        ];
        foreach (string[] row in rows.Prepend(s_titles))
        {
            writer.WriteLine(string.Join(
                "  ",
                columns.Zip(widths, (column, width) => row[column].PadRight(width))).TrimEnd());
        }
    }

    /// <summary>The options of a route as text; empty if they are those of the server.</summary>
    /// <param name="route">The route.</param>
    public static string OptionsOf(Route route)
    {
        ArgumentNullException.ThrowIfNull(route);
        return route.Options is not { } options ? "" : string.Join(", ", Parts(options));
    }

    private static string[] Row(Route route) =>
    [
        string.Join('|', route.Methods), route.Host ?? "", route.Pattern, route.Name ?? "",
        OptionsOf(route), string.Join(", ", route.Metadata),
    ];

    private static IEnumerable<string> Parts(RouteOptions options)
    {
        CultureInfo culture = CultureInfo.InvariantCulture;
        if (options.BodyBytesMax is { } bytes)
        {
            yield return string.Create(culture, $"body at most {bytes} bytes");
        }

        if (options.HandlerTimeout is { } timeout)
        {
            yield return timeout == TimeSpan.MaxValue // as the options keep an infinite time
                ? "no time limit"
                : string.Create(culture, $"at most {timeout.TotalSeconds} s");
        }

        if (options.RequestsInFlightMax is { } requests)
        {
            yield return string.Create(culture, $"at most {requests} requests at once");
        }

        if (options.ServesOverloaded)
        {
            yield return "served while overloaded";
        }

        if (options.CancelHandlerOnDisconnect is { } cancel)
        {
            yield return cancel ? "cancelled on disconnect" : "not cancelled on disconnect";
        }
    }
}
