using System.Globalization;
using Reactor.Recording;

namespace Reactor.Inspector;

/// <summary>Shows where a trace comes from, with its begin as a moment in UTC.</summary>
internal static class SessionViews
{
    public static SessionView Of(TraceInfo info) => new(
        info.Version.Length == 0 ? info.Program : $"{info.Program} {info.Version}",
        info.Driver,
        info.Begin.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture),
        IsLive: false,
        Recording: null);
}
