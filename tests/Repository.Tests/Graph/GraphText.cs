// The graph of files as text: each room with the rooms that it uses and with its files, then the
// cycles. Pure.

using System.Text;
using Repository.Tests.Rooms;

namespace Repository.Tests.Graph;

public static class GraphText
{
    public static string Write(string project, FileGraph graph)
    {
        StringBuilder text = new();
        text.Append($"{project}: {graph.Uses.Count()} files\n");
        foreach (var room in graph.Uses.GroupBy(pair => RoomOf(pair.Key)).OrderBy(room => room.Key))
        {
            string[] rooms = [.. room.SelectMany(pair => pair.Value).Select(RoomOf).Distinct()
                .Where(used => used != room.Key).Order(StringComparer.Ordinal)];
            text.Append($"\n{room.Key} -> {Listed(rooms)}\n");
            foreach ((string file, SortedSet<string> uses) in room)
            {
                text.Append($"  {Name(file)} -> {Listed(uses.Select(Name))}\n");
            }
        }
        foreach (IReadOnlyList<string> cycle in graph.Cycles)
        {
            text.Append($"\ncycle of {cycle.Count} files\n");
            foreach ((string file, SortedSet<string> uses) in
                graph.Uses.Where(pair => cycle.Contains(pair.Key)))
            {
                text.Append($"  {file} -> {Listed(uses.Where(cycle.Contains).Select(Name))}\n");
            }
        }
        return text.Append($"\n{graph.Cycles.Count} cycles\n").ToString();
    }

    private static string RoomOf(string file) => RoomTable.RoomOf(file) ?? "no room";

    private static string Name(string file) => Path.GetFileNameWithoutExtension(file);

    private static string Listed(IEnumerable<string> names) =>
        string.Join(", ", names) is { Length: > 0 } list ? list : "nothing";
}
