//! ACS Rooms records in the very form in which the documentation prints its examples, with values of our own:
//! indented, a comma after the last field, mostly one after the last object, both forms of time, numbers as text.

/// File name, content, and the operation of its one record.
pub(crate) const EXAMPLES: &[(&str, &str, &str)] = &[
    (
        "create-room.json",
        r#"    [
      {
      "CorrelationId": "q1w2E3r4T5y6U7i8O9p0Aa",
      "Level": "Informational",
      "OperationName": "CreateRoom",
      "OperationVersion": "2023-10-30-preview",
      "ResultType": "Succeeded",
      "ResultSignature": 201,
      "RoomId": "99411223344556677",
      "RoomLifespan": 45,
      "AddedRoomParticipantsCount": 3,
      "TimeGenerated": "6/14/2024, 3:07:21.118 PM",
      "PstnDialOutEnabled": false,
      }
    ]
"#,
        "CreateRoom",
    ),
    (
        "get-room.json",
        r#"    [
      {
      "CorrelationId": "Zx+c9/VbNmAsDfGhJkL1Qw",
      "Level": "Informational",
      "OperationName": "GetRoom",
      "OperationVersion": "2023-10-30-preview",
      "ResultType": "Succeeded",
      "ResultSignature": "200",
      "RoomId": "99411223344556677",
      "RoomLifespan": 45,
      "TimeGenerated": "2024-06-14T15:09:02.7700100Z",
      },
    ]
"#,
        "GetRoom",
    ),
    (
        "list-rooms.json",
        "\t[\n\t  {\n\t  \"CorrelationId\": \"MnBvCxZlKjHgFdSaPoIuYt\",\n\t  \"Level\": \"Informational\",\n\t  \
         \"OperationName\": \"ListRooms\",\n\t  \"OperationVersion\": \"2023-10-30-preview\",\n\t  \
         \"ResultType\": \"Succeeded\",\n\t  \"ResultSignature\": \"200\",\n\t  \
         \"TimeGenerated\": \"2024-06-14T15:11:40.0000007Z\",\n\t  },\n\t]\n",
        "ListRooms",
    ),
    (
        "update-participants.json",
        r#"    [
      {
      "CorrelationId": "LkJhGfDsA0+9876/54321q",
      "Level": "Informational",
      "OperationName": "UpdateParticipants",
      "OperationVersion": "2023-10-30-preview",
      "ResultType": "Succeeded",
      "ResultSignature": "200",
      "RoomId": "99411223344556677",
      "RoomLifespan": 90,
      "UpsertedRoomParticipantsCount": 7,
      "RemovedRoomParticipantsCount": 2,
      "TimeGenerated": "2024-06-15T08:30:00.5000000Z",
      },
    ]
"#,
        "UpdateParticipants",
    ),
];
